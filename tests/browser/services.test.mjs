// What takes time in the users example: a job that is polled, a thread that is watched, another service. With the htmx
// that HXX_HTMX names (4 or 2), or without JavaScript (plain).
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before } from 'node:test';

import { browserTests, take } from './browser.mjs';
import { Program } from './program.mjs';

const mode = process.env.HXX_HTMX ?? '4';
const scripted = mode !== 'plain';

let weather;
const environment = { DATABASE_URL: 'sqlite:users.db', HTMX_VERSION: scripted ? mode : '4' };
before(async () => {
  weather = await Program.start(process.env.HXX_WEATHER);
  environment.WEATHER_URL = weather.url;
});
after(() => weather?.stop());

const test = browserTests({
  label: scripted ? `htmx ${mode}` : 'no JavaScript',
  program: process.env.HXX_USERS,
  environment,
  context: { javaScriptEnabled: scripted },
  expected: /^\[object (Message)?Event\]$/, // what htmx 2 logs when it has to connect again
  elsewhere: true, // through a proxy of the test's own, below
});

/** Counts requests for a path. */
function count(page, part) {
  const counter = { requests: 0 };
  page.on('request', (request) => (counter.requests += request.url().includes(part) ? 1 : 0));
  return counter;
}

async function startJob(page, dataset) {
  await page.goto('/process');
  await page.getByLabel('Dataset').fill(dataset);
  await page.getByRole('button', { name: 'Process' }).click();
}

// ── Weather ─────────────────────────────────────────────────────────────────────────────────────────────────────────

test('the weather service in its moods', async ({ page }) => {
  await page.goto('/weather');
  const panel = page.locator('#weather');
  const moods = {
    Oslo: /^Oslo: \w+, -?\d+ °C$/,
    broken: /^broken: The weather service is out of order/,
    nowhere: /^nowhere: Nobody knows/,
    slow: /^slow: The weather service takes too long/,
  };
  for (const [city, text] of Object.entries(moods)) {
    await page.getByRole('link', { name: city, exact: true }).click();
    await panel.filter({ hasText: city }).waitFor();
    assert.match((await panel.innerText()).trim(), text);
    assert.equal(new URL(page.url()).pathname, `/weather/${city}`);
    assert.equal(await page.locator('header.site').count(), 1);
  }
});

// ── A job ───────────────────────────────────────────────────────────────────────────────────────────────────────────

test('a job is polled to its end, and then its element is at rest', async ({ page }) => {
  const polls = count(page, '/tasks/');
  await startJob(page, 'measurements');
  const task = page.locator('#task');
  await task.getByText(/step \d+ of 10|waits/).waitFor();
  await take(page, `${mode} task`);
  await task.locator('.result').filter({ hasText: 'All of measurements has been processed.' }).waitFor();
  assert.equal(await task.getAttribute('hx-get'), null);
  const before = polls.requests;
  assert.ok(before > 1, 'it was polled');
  await page.waitForTimeout(2000);
  assert.equal(polls.requests, before, 'it is still asked for');
});

test('a job that fails says why, and is at rest too', async ({ page }) => {
  const polls = count(page, '/tasks/');
  await startJob(page, 'broken');
  await page.locator('#task .error').filter({ hasText: 'row 4,711 is not a number' }).waitFor();
  const before = polls.requests;
  await page.waitForTimeout(2000);
  assert.equal(polls.requests, before);
});

test('a dataset without a name is a mistake beside its field', async ({ page }) => {
  await startJob(page, ' ');
  await page.locator('#process-dataset-error').waitFor();
  assert.equal(await page.locator('header.site').count(), 1);
});

// ── A thread that is watched ────────────────────────────────────────────────────────────────────────────────────────

const allSteps = Array.from({ length: 20 }, (_, i) => `Step ${i + 1} of 20 is done.`);
const steps = async (page) => (await page.locator('#steps li').allInnerTexts()).map((text) => text.trim());

async function operate(page, { toFail = false } = {}) {
  if (toFail) await page.getByLabel('It is to fail half-way').check();
  await page.getByRole('button', { name: 'Start' }).click();
}

/** Waits until no step has come for a while and `enough` says that all are there. */
async function waitForSteps(page, number) {
  await page.waitForFunction((wanted) => document.querySelectorAll('#steps li').length >= wanted, number);
}

if (scripted) {
  test('an operation is seen to its end, each step once and in order', async ({ page, url }) => {
    const connections = count(page, '/stream');
    await page.goto(`${url}/operations`);
    await operate(page);
    await waitForSteps(page, 20);
    assert.deepEqual(await steps(page), allSteps);
    await take(page, `${mode} operation`);
    await page.waitForTimeout(2000); // longer than either version waits before it connects again
    assert.deepEqual(await steps(page), allSteps);
    assert.equal(connections.requests, 1, 'it connected again after done');
  });

  test('an operation that fails says so and ends', async ({ page, url }) => {
    const connections = count(page, '/stream');
    await page.goto(`${url}/operations`);
    await operate(page, { toFail: true });
    await page.locator('#steps li.error').filter({ hasText: 'The valve does not open.' }).waitFor();
    assert.deepEqual(await steps(page), [...allSteps.slice(0, 9), 'The valve does not open.']);
    await page.waitForTimeout(2000);
    assert.equal(connections.requests, 1);
  });

  test('a connection that is lost is made again, and what was missed comes once', async ({ page, url }) => {
    // A proxy that cuts the stream behind its third event, which a server does not do. Everything else it passes on.
    const sockets = new Set();
    let cut = false;
    const threeEvents = /^[^]*text\/event-stream[^]*?(?:\nid: [^]*?\n\n[^]*?){3}/;
    const passOn = (client, server) => {
      let text = '';
      server.on('data', (data) => {
        const begun = text.length;
        text += data.toString('latin1');
        const end = cut ? null : threeEvents.exec(text);
        const passed = end ? text.slice(begun, Math.max(begun, end[0].length)) : text.slice(begun);
        client.write(Buffer.from(passed, 'latin1'));
      });
    };
    const proxy = createServer((client) => {
      const server = connect(new URL(url).port, '127.0.0.1');
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
      }
      client.pipe(server);
      passOn(client, server);
    });
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      let connections = 0;
      page.on('request', (request) => {
        if (request.url().endsWith('/stream')) ++connections;
      });
      await page.goto(`http://127.0.0.1:${proxy.address().port}/operations`);
      await operate(page);
      await waitForSteps(page, 3);
      assert.deepEqual(await steps(page), allSteps.slice(0, 3));
      cut = true;
      for (const socket of sockets) socket.destroy();
      await waitForSteps(page, 20);
      assert.deepEqual(await steps(page), allSteps);
      assert.equal(connections, 2, 'it connected again');
    } finally {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    }
  });
}
