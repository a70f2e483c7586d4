// What a page of somebody else's tries in the browser of a visitor who is logged in. It stands on two other origins: on
// another port of the same host, which is the same site, so that the cookies of the visitor go along, and on another
// host.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before } from 'node:test';

import { browserTests } from './browser.mjs';
import { UsersPage } from './users_page.mjs';

let evil;
before(async () => {
  evil = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>evil</title><p>Win a prize');
  });
  await new Promise((resolve) => evil.listen(0, resolve));
});
after(() => evil.close());

const hosts = { 'same site': '127.0.0.1', 'another site': 'localhost' };

const test = browserTests({
  label: 'attacks',
  program: process.env.HXX_USERS,
  environment: { DATABASE_URL: 'sqlite:users.db' },
  elsewhere: true,
});

async function evilPage(context, host) {
  const page = await context.newPage();
  await page.goto(`http://${host}:${evil.address().port}/`);
  return page;
}

/** Sends a form by itself from the page, and returns the status of the answer. */
async function sendForm(page, action, fields, enctype = 'application/x-www-form-urlencoded') {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.evaluate(
    ({ action, fields, enctype }) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action, enctype });
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement('input');
        Object.assign(input, { name, value });
        form.append(input);
      }
      document.body.append(form);
      HTMLFormElement.prototype.submit.call(form);
    },
    { action, fields, enctype },
  );
  return (await answer).status();
}

const mallory = { name: 'Mallory', email: 'mallory@example.org', age: '66' };

for (const [label, host] of Object.entries(hosts)) {
  test(`forms from ${label} do nothing`, async ({ page, url, context }) => {
    const users = await new UsersPage(page).signUp();
    const attacks = [
      ['/users', mallory],
      ['/users', mallory, 'multipart/form-data'],
      ['/users', mallory, 'text/plain'],
      ['/users/1/edit', mallory],
      ['/users/1/delete', {}],
      ['/logout', {}],
      ['/users', { ...mallory, csrf_token: 'A'.repeat(86) }],
    ];
    for (const [path, fields, enctype] of attacks) {
      const foreign = await evilPage(context, host);
      assert.equal(await sendForm(foreign, url + path, fields, enctype), 403, `${path} ${enctype ?? ''}`);
      await foreign.close();
    }
    await users.open();
    await users.waitForCount('26 users');
    assert.ok((await users.names()).includes('Ada Lovelace'));
    await page.goto('/dashboard');
    assert.equal(await page.locator('#account-name').textContent(), 'Kim', 'still logged in');
  });

  test(`scripts from ${label} do nothing and see nothing`, async ({ page, url, context }) => {
    const users = await new UsersPage(page).signUp();
    const foreign = await evilPage(context, host);
    const outcomes = await foreign.evaluate(async (target) => {
      const body = 'name=Mallory&email=mallory%40example.org&age=66';
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const requests = {
        'no-cors form': [`${target}/users`, { method: 'POST', mode: 'no-cors', credentials: 'include', headers: form, body }],
        'no-cors text': [`${target}/users`, { method: 'POST', mode: 'no-cors', credentials: 'include', body }],
        'cors form': [`${target}/users`, { method: 'POST', credentials: 'include', headers: form, body }],
        'as htmx': [`${target}/users/1`, { method: 'DELETE', credentials: 'include', headers: { 'HX-Request': 'true' } }],
        json: [`${target}/users`, { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '{}' }],
        bearer: [`${target}/users/1`, { method: 'DELETE', credentials: 'include', headers: { Authorization: 'Bearer x' } }],
        'reading the token': [`${target}/users/new`, { credentials: 'include' }],
      };
      const seen = {};
      for (const [name, [address, options]] of Object.entries(requests))
        seen[name] = await fetch(address, options).then((response) => response.type, () => 'refused');
      return seen;
    }, url);
    assert.deepEqual(outcomes, {
      'no-cors form': 'opaque', 'no-cors text': 'opaque', 'cors form': 'refused', 'as htmx': 'refused', json: 'refused',
      bearer: 'refused', 'reading the token': 'refused',
    });
    await users.open();
    await users.waitForCount('26 users');
    assert.ok((await users.names()).includes('Ada Lovelace'));
  });

  test(`a page cannot be framed by ${label}`, async ({ page, url, context }) => {
    await new UsersPage(page).signUp();
    const foreign = await evilPage(context, host);
    const refused = foreign.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
    await foreign.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
    }, `${url}/users/1/delete`);
    await refused;
    for (const frame of foreign.frames().slice(1)) assert.equal(await frame.locator('header.site').count(), 0);
  });

  test(`nobody is logged in under an account of ${label}`, async ({ page, url, context }) => {
    const users = await new UsersPage(page).signUp({ name: 'Mallory', email: 'mallory@example.org', password: 'trap trap' });
    await users.logOut();
    const foreign = await evilPage(context, host);
    assert.equal(await sendForm(foreign, `${url}/login`, { email: 'mallory@example.org', password: 'trap trap' }), 403);
    await page.goto('/');
    assert.equal(await page.getByRole('link', { name: 'Log in' }).count(), 1);
  });
}
