// Debian's Chromium, and a test with a page of its own that leaves a picture behind when it fails.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Program } from './program.mjs';

const executablePath = process.env.HXX_CHROMIUM ?? '/usr/bin/chromium';
const pictures = process.env.HXX_PICTURES ?? 'pictures';
const programArguments = (process.env.HXX_ARGUMENTS ?? '').split(' ').filter(Boolean);
const patience = 240_000; // of a single wait: a machine that is short of everything has stood still for a minute and more

const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/**
 * Declares tests that share one browser and run a program each: each gets a fresh one, and { page, context, url, request }.
 * `options`: program, environment, label (of the pictures), context (of the page: javaScriptEnabled …), expected (what
 * may stand in the console as an error), elsewhere (pages of other programs are part of the test).
 */
export function browserTests(options) {
  if (!options.program) throw new Error('which program? HXX_USERS names it; CTest sets it: ctest --preset release -L browser');
  let browser;
  before(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync'],
    });
  });
  after(() => browser?.close());

  return (name, body, { viewport = desktop } = {}) =>
    test(`${options.label}: ${name}`, async () => {
      const program = await Program.start(options.program, options.environment, programArguments);
      const context = await browser.newContext({ baseURL: program.url, viewport, ...options.context });
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      const mistakes = options.elsewhere ? [] : watch(page, program.url, options.expected);
      try {
        await body({ page, context, url: program.url, request: context.request });
        if (mistakes.length > 0) throw new Error(`the page reported:\n  ${mistakes.join('\n  ')}`);
      } catch (error) {
        const picture = await take(page, `failed ${options.label} ${name}`);
        error.stack += `\n\nat ${page.url()}; picture: ${picture}\nlog of the program:\n${program.log.slice(-4000)}`;
        throw error;
      } finally {
        await context.close();
        await program.stop();
      }
    });
}

/** Waits until the element with that id has the focus, which htmx gives it some time after it has been swapped in. */
export async function focusIsOn(page, id) {
  await page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
}

/** Saves a picture of the whole page and returns its path. */
export async function take(page, name) {
  const path = join(pictures, `${name.replaceAll(/[^\w.]+/g, '-')}.png`);
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** Collects what must not happen on any page: uncaught exceptions, errors of htmx, requests to anywhere else. */
function watch(page, url, ownExpected = /(?!)/) {
  const mistakes = [];
  page.on('pageerror', (error) => mistakes.push(`uncaught ${error.stack}`));
  page.on('console', (message) => {
    // The browser logs every response of 400 and above, and htmx too: those the tests provoke on purpose.
    const expected = /Failed to load resource|htmx:response:error|Response Status Error Code/;
    const known = expected.test(message.text()) || ownExpected.test(message.text());
    if (message.type() === 'error' && !known) mistakes.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) mistakes.push(`a request to ${request.url()}`);
  });
  return mistakes;
}
