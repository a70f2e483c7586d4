// The users example without JavaScript: every step loads a page.
import assert from 'node:assert/strict';

import { browserTests } from './browser.mjs';
import { UsersPage } from './users_page.mjs';

const test = browserTests({
  label: 'no JavaScript',
  program: process.env.HXX_USERS,
  environment: { DATABASE_URL: 'sqlite:users.db' },
  context: { javaScriptEnabled: false },
});

test('create, with mistakes first', async ({ page }) => {
  const users = await new UsersPage(page).open();
  await page.locator('main').getByRole('link', { name: 'New user' }).click();
  await page.waitForURL('**/users/new');
  await users.fill(users.form, { name: '', email: 'x', age: '200' });
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    users.form.getByRole('button', { name: 'Create user' }).click(),
  ]);
  assert.equal(response.status(), 422);
  assert.equal(await page.locator('header.site').count(), 1, 'a whole page');
  await users.error('name').waitFor();
  assert.equal(await users.error('age').textContent(), 'must be less than 150');
  assert.equal(await users.form.getByLabel('E-mail').inputValue(), 'x');
  assert.equal(await users.form.getByLabel('Age').inputValue(), '200');

  await users.fill(users.form, { name: 'Mary Shaw', email: 'ada.lovelace@example.org', age: '80' });
  await users.form.getByRole('button', { name: 'Create user' }).click();
  await users.error('email').filter({ hasText: 'another user' }).waitFor();
  await users.form.getByLabel('E-mail').fill('mary.shaw@example.org');
  await users.form.getByRole('button', { name: 'Create user' }).click();
  await page.waitForURL('**/users/27');
  assert.match(await page.locator('#user-27').innerText(), /Mary Shaw\s+mary\.shaw@example\.org/);
});

test('list, search and pages', async ({ page }) => {
  const users = await new UsersPage(page).open('/');
  await page.getByRole('link', { name: 'See 26 users' }).click();
  await page.waitForURL('**/users');
  assert.equal((await users.names()).length, 10);
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL('**/users?page=2');
  assert.ok((await users.names()).includes('Grace Hopper'));

  await users.search.fill('Hopper');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL('**/users?q=Hopper');
  assert.deepEqual(await users.names(), ['Grace Hopper']);
  assert.equal(await users.search.inputValue(), 'Hopper');
  await page.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
  await page.waitForURL('**/users/15');
});

test('edit', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await page.getByRole('link', { name: 'Edit Ada Lovelace' }).click();
  await page.waitForURL('**/users/1/edit');
  const row = page.locator('#user-1');
  await row.getByLabel('Age').fill('old');
  await row.getByRole('button', { name: 'Save' }).click();
  await users.error('age').waitFor();
  assert.equal(await page.locator('header.site').count(), 1, 'a whole page');
  assert.equal(await row.getByLabel('Age').inputValue(), 'old');
  await row.getByLabel('Age').fill('37');
  await row.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL('**/users/1');
  assert.match(await row.innerText(), /Ada Lovelace\s+ada\.lovelace@example\.org\s+Age\s+37/);
});

test('delete, after a question', async ({ page }) => {
  await new UsersPage(page).signUp();
  const users = await new UsersPage(page).open();
  await page.getByRole('link', { name: 'Delete Alan Turing' }).click();
  await page.waitForURL('**/users/3/delete');
  await page.getByRole('link', { name: 'Keep' }).click();
  await page.waitForURL('**/users/3');
  await page.getByRole('link', { name: 'Delete Alan Turing' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/users');
  assert.ok(!(await users.names()).includes('Alan Turing'));
  await users.waitForCount('25 users');
});

test('an error is a whole page', async ({ page }) => {
  await new UsersPage(page).signUp();
  const response = await page.goto('/users/99/edit');
  assert.equal(response.status(), 404);
  assert.equal(await page.locator('h1').textContent(), 'Not Found');
  assert.match(await page.getByRole('alert').innerText(), /There is no user 99\./);
});
