// Debian's Chromium by playwright-core, with no connection to anywhere.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../reports/web/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export const axePath = require.resolve('axe-core/axe.min.js');

// A busy machine is no failure; what hangs for good is ended by the test's own limit.
const patience = 120_000;

export const launch = () =>
  chromium.launch({
    timeout: patience,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });

// Opens a report as a file and waits until its charts are drawn. `trouble` collects errors on the console, uncaught
// exceptions and requests for anything but the file itself.
export const openReport = async (browser, file, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const url = `file://${file}`;
  const trouble = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const isOwn = request.url() === url || /^(data|blob):/.test(request.url());
    if (!isOwn) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.evaluate(() => window.asyncbench?.ready);
  return { context, page, trouble };
};
