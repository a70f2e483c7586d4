// Live updates as a browser sees them, with the htmx that HXX_HTMX names: 4 with hx-sse, or 2 with its sse extension.
import assert from 'node:assert/strict';

import { browserTests } from './browser.mjs';

const version = process.env.HXX_HTMX ?? '4';
const test = browserTests({
  label: `events htmx ${version}`,
  program: process.env.HXX_EVENTS,
  environment: { HTMX_VERSION: version },
  expected: /^\[object (Message)?Event\]$/, // what htmx 2 logs when it has to connect again, and of an event `error`
});

/** Has the page keep what the extension says when a stream is closed, in window.ends. */
async function listenForClose(page) {
  await page.addInitScript(() => {
    window.ends = [];
    for (const name of ['htmx:sseClose', 'htmx:sse:close'])
      document.addEventListener(name, (event) => window.ends.push(event.detail.type ?? event.detail.reason));
  });
}

/** The Last-Event-ID of each connection so far. */
async function asked(request) {
  return (await request.get('/asked')).json();
}

test('every message once and in order, over many connections, and none after done', async ({ page, request }) => {
  await listenForClose(page);
  await page.goto('/');
  assert.equal(await page.evaluate(() => window.htmx.version), version === '4' ? '4.0.1' : '2.0.11');
  while ((await asked(request)).length === 0) await page.waitForTimeout(10); // what comes before is none of its business
  await page.getByRole('button', { name: 'Begin' }).click();

  await page.waitForFunction(() => window.ends.length > 0);
  const rows = await page.locator('#numbers li').allInnerTexts();
  assert.deepEqual(rows.map((row) => row.trim()), Array.from({ length: 20 }, (_, i) => `${i + 1}`));
  assert.deepEqual(await page.evaluate(() => window.ends), ['message']);

  const ids = await asked(request);
  const numbers = ids.map((id) => id.split('-')[1]);
  assert.deepEqual(numbers, [undefined, '3', '6', '9', '12', '15', '18'], 'each came back with the last id it had seen');
  await page.waitForTimeout(1000); // 20 times what the stream told it to wait before it connects again
  assert.equal((await asked(request)).length, ids.length, 'it connected again after done');
});

test('a stream that fails ends with an error that does not show the exception', async ({ page }) => {
  await listenForClose(page);
  await page.goto('/broken-page');
  const error = page.locator('#errors .hxx-error');
  await error.waitFor();
  assert.match(await error.innerText(), /500 Internal Server Error/);
  assert.doesNotMatch(await page.content(), /secret/);
  await page.waitForFunction(() => window.ends.includes('message'));
});

test('one unnamed event changes elements anywhere on the page', async ({ page }) => {
  await listenForClose(page);
  await page.goto('/elsewhere-page');
  await page.waitForFunction(() => window.ends.includes('message'));
  assert.equal(await page.locator('#here').evaluate((element) => element.textContent), 'changed\nhere');
  assert.equal(await page.locator('#there').textContent(), 'and there');
});
