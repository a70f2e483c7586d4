// The users example as a person with JavaScript uses it, with the htmx that HXX_HTMX names: 4 or 2.
import assert from 'node:assert/strict';

import { browserTests, focusIsOn, phone, take } from './browser.mjs';
import { UsersPage } from './users_page.mjs';

const version = process.env.HXX_HTMX ?? '4';
const test = browserTests({
  label: `htmx ${version}`,
  program: process.env.HXX_USERS,
  environment: { DATABASE_URL: 'sqlite:users.db', HTMX_VERSION: version },
});

const firstPage = [
  'Ada Lovelace', 'Adele Goldberg', 'Alan Turing', 'Alonzo Church', 'Annie Easley', 'Barbara Liskov',
  'Bjarne Stroustrup', 'Christopher Strachey', 'Dana Scott', 'Dennis Ritchie',
];

test('the page loads the htmx that was asked for', async ({ page }) => {
  await new UsersPage(page).open();
  const loaded = await page.evaluate(() => window.htmx.version);
  assert.equal(loaded, version === '4' ? '4.0.1' : '2.0.11');
});

test('a form with mistakes comes back with what was typed and a message beside each field', async ({ page }) => {
  const users = await new UsersPage(page).open();
  await users.mark();
  await page.locator('main').getByRole('link', { name: 'New user' }).click();
  await users.form.waitFor();
  await focusIsOn(page, 'new-user-name');

  await users.fill(users.form, { name: ' ', email: 'not an address', age: 'abc' });
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    users.form.getByRole('button', { name: 'Create user' }).click(),
  ]);
  assert.equal(response.status(), 422);
  assert.equal(response.headers()['hx-retarget'], '#user-form');

  for (const field of ['name', 'email', 'age']) {
    await users.error(field).waitFor();
    const input = users.form.locator(`[name=${field}]`);
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    assert.equal(await input.getAttribute('aria-describedby'), await users.error(field).getAttribute('id'));
    assert.notEqual((await users.error(field).textContent()).trim(), '');
  }
  assert.equal(await users.form.getByLabel('E-mail').inputValue(), 'not an address');
  assert.equal(await users.form.getByLabel('Age').inputValue(), 'abc');
  assert.equal(new URL(page.url()).pathname, '/users');
  assert.ok(await users.isMarked(), 'the whole page was loaded');
  await take(page, `htmx ${version} create with errors`);

  // What only the database knows is said beside its field too.
  await users.fill(users.form, { name: 'Another Ada', email: 'Ada.Lovelace@example.org', age: '30' });
  await users.form.getByRole('button', { name: 'Create user' }).click();
  await users.error('name').waitFor({ state: 'detached' });
  await users.error('email').filter({ hasText: 'another user' }).waitFor();
  assert.equal(await page.locator('.error').count(), 1);
});

test('a new user is added to the list in place', async ({ page }) => {
  const users = await new UsersPage(page).open();
  await users.mark();
  await users.listen('userCreated');
  await page.locator('main').getByRole('link', { name: 'New user' }).click();
  await users.fill(users.form, { name: 'Zoë <b>Žižek</b>', email: 'Zoe@Example.org', age: '44' });
  await users.form.getByRole('button', { name: 'Create user' }).click();

  await page.getByRole('status').filter({ hasText: 'has been added' }).waitFor();
  await users.waitForRows(['Zoë <b>Žižek</b>', ...firstPage]);
  await users.waitForCount('27 users');
  await users.heard(27);
  assert.match(await users.rows.first().innerText(), /zoe@example\.org/);
  assert.equal(await users.form.count(), 0);
  assert.ok(await users.isMarked(), 'the whole page was loaded');

  await page.getByRole('link', { name: 'Add another' }).click();
  await users.form.waitFor();
  assert.equal(await users.form.getByLabel('Name').inputValue(), '');
  await users.open('/users?q=zoe');
  await users.waitForRows(['Zoë <b>Žižek</b>']);
});

test('the page of the form alone works in place as well', async ({ page }) => {
  const users = await new UsersPage(page).open('/users/new');
  await users.fill(users.form, { name: 'Mary Shaw', email: 'mary.shaw@example.org', age: '' });
  await users.form.getByRole('button', { name: 'Create user' }).click();
  await users.error('age').waitFor();
  await users.form.getByLabel('Age').fill('80');
  await users.form.getByLabel('Age').press('Enter');
  await users.waitForRows(['Mary Shaw']);
});

test('search follows what is typed, and so does the address', async ({ page }) => {
  const users = await new UsersPage(page).open();
  await users.mark();
  await users.search.pressSequentially('grace');
  await users.waitForRows(['Grace Hopper']);
  await users.waitForCount('1 user found for “grace”');
  await page.waitForURL('**/users?q=grace');
  await focusIsOn(page, 'q');
  assert.equal(await users.search.inputValue(), 'grace');

  await users.search.fill('_');
  await users.waitForRows([]);
  await page.getByText('Nobody here.').waitFor();
  await users.search.fill('');
  await users.waitForRows(firstPage);
  assert.ok(await users.isMarked(), 'the whole page was loaded');
});

test('pages are swapped in and can be linked to', async ({ page }) => {
  const users = await new UsersPage(page).open();
  await users.mark();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('Page 2 of 3').waitFor();
  await page.waitForURL('**/users?page=2');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('Page 3 of 3').waitFor();
  assert.equal((await users.names()).length, 6);
  assert.equal(await page.getByRole('link', { name: 'Next' }).count(), 0);
  await page.getByRole('link', { name: 'Previous' }).click();
  await page.getByText('Page 2 of 3').waitFor();
  assert.ok(await users.isMarked(), 'the whole page was loaded');
  await page.reload();
  await page.getByText('Page 2 of 3').waitFor();
});

test('a row is edited in place', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await users.mark();
  const row = page.locator('#user-1');
  await row.getByRole('link', { name: 'Edit Ada Lovelace' }).click();
  await row.getByLabel('Name').waitFor();
  await focusIsOn(page, 'user-1-name');
  assert.equal(await row.getByLabel('Name').inputValue(), 'Ada Lovelace');

  await row.getByLabel('Name').fill('never saved');
  await row.getByRole('link', { name: 'Cancel' }).click();
  await users.waitForRows(firstPage);

  await row.getByRole('link', { name: 'Edit Ada Lovelace' }).click();
  await focusIsOn(page, 'user-1-name');
  await users.fill(row, { name: 'Augusta Ada King', email: 'alan.turing@example.org', age: '0' });
  await row.getByRole('button', { name: 'Save' }).click();
  await users.error('age').waitFor();
  assert.equal(await users.error('age').textContent(), 'must be greater than 0');
  await row.getByLabel('Age').fill('37');
  await row.getByLabel('Age').press('Enter');
  await users.error('email').filter({ hasText: 'another user' }).waitFor();
  assert.equal(await row.getByLabel('Name').inputValue(), 'Augusta Ada King');

  await row.getByLabel('E-mail').fill('ada@example.org');
  await row.getByRole('button', { name: 'Save' }).click();
  await users.waitForRows(['Augusta Ada King', ...firstPage.slice(1)]);
  assert.ok(await users.isMarked(), 'the whole page was loaded');

  await users.open('/users/1');
  assert.match(await row.innerText(), /Augusta Ada King\s+ada@example\.org\s+Age\s+37/);
});

test('a row is deleted after a question, with an event', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await users.mark();
  await users.listen('userDeleted');
  const questions = [];
  let answer = false;
  page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    return answer ? dialog.accept() : dialog.dismiss();
  });
  const link = page.getByRole('link', { name: 'Delete Alan Turing' });
  await link.click();
  assert.deepEqual(questions, ['Delete Alan Turing?']);
  assert.deepEqual(await users.names(), firstPage);

  answer = true;
  await link.click();
  await users.waitForRows(firstPage.filter((name) => name !== 'Alan Turing'));
  await users.heard(3);
  await users.waitForCount('25 users');
  assert.ok(await users.isMarked(), 'the whole page was loaded');
  await page.reload();
  assert.ok(!(await users.names()).includes('Alan Turing'));
});

test('deleting and editing work on the page of one user', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open('/users/2');
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('link', { name: 'Edit Adele Goldberg' }).click();
  await focusIsOn(page, 'user-2-name'); // what is typed before htmx has settled would be lost
  await page.getByLabel('Age').fill('80');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('#user-2 .age', { hasText: '80' }).waitFor();
  await page.getByRole('link', { name: 'Delete Adele Goldberg' }).click();
  await page.getByText('This user has been deleted.').waitFor();
  assert.equal(await users.row('Adele Goldberg').count(), 0);
});

test('back and forward after a fragment was swapped in show whole pages', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await users.search.fill('grace'); // at once: letter by letter, a slow machine makes several searches of it
  await users.waitForRows(['Grace Hopper']);
  await page.waitForURL('**/users?q=grace');

  const whole = async (names, q) => {
    await users.waitForRows(names);
    await page.waitForFunction((wanted) => document.querySelector('#q').value === wanted, q);
    assert.equal(await page.locator('header.site').count(), 1);
    assert.equal(await page.locator('h1').textContent(), 'Users');
    assert.equal(await page.locator('#users').count(), 1);
  };
  await page.goBack();
  await whole(firstPage, '');
  await page.goForward();
  await whole(['Grace Hopper'], 'grace');
  await page.goBack();
  await whole(firstPage, '');

  // The restored page is alive.
  await users.search.pressSequentially('hopper');
  await users.waitForRows(['Grace Hopper']);
});

test('back from another page to an address whose fragment was fetched shows the whole page', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('Page 2 of 3').waitFor();
  await page.waitForURL('**/users?page=2');
  await page.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
  await page.waitForURL('**/users/15');
  await page.goBack();
  await page.getByText('Page 2 of 3').waitFor();
  assert.equal(await page.locator('header.site').count(), 1);
  assert.equal((await users.names()).length, 10);
  await page.goBack();
  await users.waitForRows(firstPage);
  assert.equal(await page.locator('header.site').count(), 1);
});

test('an error is a fragment in the row, a page in the browser and problem+json for a program', async ({ page, request }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await users.mark();
  const token = await page.locator('input[name=csrf_token]').first().getAttribute('value');
  const gone = await request.post('/users/1/delete', { maxRedirects: 0, headers: { 'X-CSRF-Token': token } });
  assert.equal(gone.status(), 303);
  await page.getByRole('link', { name: 'Edit Ada Lovelace' }).click();
  await page.getByRole('alert').filter({ hasText: 'There is no user 1.' }).waitFor();
  assert.equal(await page.locator('#user-rows [role=alert]').count(), 1);
  assert.equal(await page.locator('header.site').count(), 1);
  assert.equal(await page.locator('#user-1').count(), 0);
  assert.ok(await users.isMarked(), 'the whole page was loaded');
  await take(page, `htmx ${version} error fragment`);

  const answer = await page.goto('/users/1');
  assert.equal(answer.status(), 404);
  assert.equal(await page.locator('header.site').count(), 1);
  assert.equal(await page.locator('h1').textContent(), 'Not Found');
  await page.getByRole('alert').filter({ hasText: 'There is no user 1.' }).waitFor();

  const problem = await request.get('/users/1', { headers: { Accept: 'application/json' } });
  assert.equal(problem.status(), 404);
  assert.equal(problem.headers()['content-type'], 'application/problem+json');
  assert.equal((await problem.json()).detail, 'There is no user 1.');
});

for (const [device, viewport] of [['phone', phone], ['desktop', { width: 1280, height: 800 }]]) {
  test(`every page fits a ${device}`, async ({ page }) => {
    const fits = async (name) => {
      await take(page, `htmx ${version} ${device} ${name}`);
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= screen, `${name} is ${wide} px wide on a screen of ${screen} px`);
    };
    const users = await new UsersPage(page).signUp();
    await fits('dashboard');
    await users.open('/');
    await fits('home');
    await users.open();
    await fits('users');
    const row = page.locator('#user-2');
    await row.getByRole('link', { name: 'Edit' }).click();
    const long = { name: 'A name '.repeat(13), email: `${'long'.repeat(15)}@${'example'.repeat(8)}.org` };
    await users.fill(row, { ...long, age: '-1' });
    await row.getByRole('button', { name: 'Save' }).click();
    await users.error('age').waitFor();
    await fits('edit');
    await row.getByLabel('Age').fill('149');
    await row.getByRole('button', { name: 'Save' }).click();
    await row.locator('.email').waitFor();
    await fits('long name');
    for (const path of ['/users?page=2', '/users?q=nobody', '/users/new', '/users/2', '/users/2/edit', '/users/2/delete', '/users/99', '/login', '/signup']) {
      await users.open(path);
      await fits(path);
    }
  }, { viewport });
}
