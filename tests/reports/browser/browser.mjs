// Debian's Chromium by playwright-core, with no connection to anywhere. Without the browser's own windows, whose pages
// would take a third of the time.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../reports/web/package.json', import.meta.url));
const { chromium } = require('playwright-core');

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds, a line each. The page's own policy would keep a script of axe's out; the debugger's does not ask it.
export const axeFinds = async (page) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
};

// A busy machine is no failure; what hangs for good is ended by the test's own limit.
const patience = 120_000;

export const launch = () =>
  chromium.launch({
    timeout: patience,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
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
// exceptions and requests for anything but the file itself. `init` runs before the page's scripts; `replace` is what
// stands otherwise in its text, and by what.
export const openReport = async (browser, file, { init, replace, ...options } = {}) => {
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
  if (init) await page.addInitScript(init);
  if (replace) {
    await page.route(url, (route) => {
      const text = readFileSync(file, 'utf8');
      const body = text.replace(replace[0], () => replace[1]);
      if (body === text) throw new Error(`${file} has no ${replace[0]}`);
      return route.fulfill({ body, contentType: 'text/html; charset=utf-8' });
    });
  }
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.evaluate(() => window.asyncbench?.ready);
  return { context, page, trouble };
};
