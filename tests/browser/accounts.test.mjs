// Accounts of the users example: with the htmx that HXX_HTMX names (4 or 2), or without JavaScript (plain).
import assert from 'node:assert/strict';

import { browserTests, take } from './browser.mjs';
import { UsersPage } from './users_page.mjs';

const mode = process.env.HXX_HTMX ?? '4';
const scripted = mode !== 'plain';
const test = browserTests({
  label: scripted ? `htmx ${mode}` : 'no JavaScript',
  program: process.env.HXX_USERS,
  environment: { DATABASE_URL: 'sqlite:users.db', HTMX_VERSION: scripted ? mode : '4' },
  context: { javaScriptEnabled: scripted },
});

test('sign up, log out, a wrong password, log in', async ({ page }) => {
  const users = await new UsersPage(page).signUp();
  assert.equal(await page.locator('#account-name').textContent(), 'Kim');
  await users.logOut();
  await page.goto('/dashboard');
  assert.equal(new URL(page.url()).pathname, '/login');
  await take(page, `${mode} log in`);

  await users.logIn({ password: 'wrong horse' });
  await users.error('password').filter({ hasText: 'does not belong to this e-mail' }).waitFor();
  assert.equal(await page.locator('#login-email').inputValue(), 'kim@example.org');
  assert.equal(await page.locator('#login-password').inputValue(), '');
  await users.logIn();
  await page.waitForURL('**/dashboard');
});

test('who has to log in comes back to where they were', async ({ page }) => {
  const users = await new UsersPage(page).signUp();
  await users.logOut();
  await users.open('/users?q=lovelace');
  await page.getByRole('link', { name: 'Edit Ada Lovelace' }).click();
  await page.waitForURL('**/login?next=*');
  await users.logIn();
  // htmx wanted the form in the list; a browser without it asked for the page of the form.
  await page.waitForURL(scripted ? '**/users?q=lovelace' : '**/users/1/edit');
});

test('a session that has ended leads out of an exchange to the log-in and back', async ({ page, context }) => {
  const users = await new UsersPage(page).signUp();
  await page.locator('#refresh').click();
  await page.locator('#dashboard').waitFor();
  await context.clearCookies({ name: 'session' });
  await page.locator('#refresh').click();
  await page.waitForURL('**/login?next=%2Fdashboard');
  assert.equal(await page.locator('#dashboard').count(), 0, 'a whole page, not a form within the old one');
  await users.logIn();
  await page.waitForURL('**/dashboard');
  assert.equal(await page.locator('#account-name').textContent(), 'Kim');
});

test('a form of a page from before is refused and says what to do', async ({ page, context }) => {
  await new UsersPage(page).signUp();
  await page.goto('/users/1/edit');
  await context.clearCookies({ name: 'session' });
  const answer = page.waitForResponse((response) => response.request().method() !== 'GET');
  await page.locator('#user-1').getByRole('button', { name: 'Save' }).click();
  assert.equal((await answer).status(), 403);
  await page.getByRole('alert').filter({ hasText: 'Reload the page and try again' }).waitFor();
  assert.equal(await page.locator('header.site').count(), 1);
  await take(page, `${mode} refused`);
});

test('forms work after a log-in, with its new token', async ({ page }) => {
  const users = await new UsersPage(page).signUp();
  await users.open('/users/2/delete');
  await page.locator('main').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/users');
  await users.waitForCount('25 users');
});
