// check_live.mjs URL DIRECTORY: follows the page of a run until its end, as a person would.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { axeFinds, launch } from '../../reports/browser/browser.mjs';

const [url, directory] = process.argv.slice(2);
const browser = await launch();

const follow = async (init) => {
  // The page's policy would keep axe itself out; that it keeps nothing of ours out, a run without shows.
  const context = await browser.newContext({ viewport: { width: 390, height: 900 }, bypassCSP: false });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && trouble.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) trouble.push(`request: ${request.url()}`);
  });
  if (init) await page.addInitScript(init);
  await page.goto(url);
  return { page, trouble };
};

const rowsInTable = (page) => page.locator('#live-report section table').first().locator('tbody tr').count();

try {
  const { page, trouble } = await follow();
  const others = [await follow(), await follow()];
  const old = await follow(() => delete window.DecompressionStream);
  // While it runs: progress, an answer so far, charts.
  await page.waitForSelector('#live-report [data-chart="throughput"] svg');
  assert.match(await page.locator('#live-now').innerText(), /^\d+ of 45 trials done/);
  const before = await page.evaluate(() => window.asyncbench.results[0].datasets.throughput.length);
  assert.ok(before > 0 && before <= 9);
  const figure = (chart) => page.locator(`#live-report figure:has([data-chart="${chart}"])`);
  const isOpen = (details) => details.evaluate((each) => each.open);
  await page.waitForFunction(() => window.asyncbench.results[0].datasets.throughput?.length === 9);
  await page.waitForSelector('#live-report [data-chart="share"] select');
  // What is opened stays open while the report is replaced, and nothing else opens.
  const opened = [figure('throughput').locator('details.data'), figure('throughput').locator('details.law'), figure('share').locator('details.data')];
  for (const details of opened) await details.locator('summary').click();
  // What is chosen stays chosen, and what has the focus keeps it.
  const select = figure('share').locator('select');
  await select.selectOption('from 0 %');
  await select.focus();

  // Its end.
  await page.waitForSelector('#live-end:not([hidden])');
  await page.evaluate(() => window.asyncbench.ready);
  assert.match(await page.locator('#live-end').innerText(), /^The run is done\. Its report is .*report\.html\.$/);
  // Whoever watches hears of it.
  for (const { page: other, trouble: theirs } of others) {
    await other.waitForSelector('#live-end:not([hidden])');
    assert.match(await other.locator('#live-end').innerText(), /^The run is done\. Its report is .*report\.html\.$/);
    assert.deepEqual(theirs, []);
    await other.close();
  }
  // A browser that can draw nothing follows to the end, and has the tables.
  await old.page.waitForSelector('#live-end:not([hidden])');
  const undrawn = await old.page.locator('#live-report [data-chart]').allInnerTexts();
  assert.ok(undrawn.length > 5 && undrawn.every((text) => /^This chart could not be drawn: .*DecompressionStream/.test(text)), String(undrawn));
  assert.ok(await old.page.locator('#live-report .fold table').first().isVisible());
  assert.deepEqual(old.trouble.filter((text) => text.startsWith('exception')), []);
  await old.page.close();
  assert.equal(await page.locator('#live-progress').evaluate((bar) => bar.value / bar.max), 1);
  for (const details of opened) assert.equal(await isOpen(details), true, await details.locator('summary').innerText());
  assert.equal(await isOpen(figure('cpu').locator('details.data')), false);
  assert.equal(await select.inputValue(), 'from 0 %');
  assert.ok(await select.evaluate((each) => each === document.activeElement));
  await figure('share').locator('details.data summary').click();
  assert.equal(await isOpen(figure('share').locator('details.data')), false);

  // It shows what the result says.
  const result = JSON.parse(readFileSync(join(directory, 'result.json'), 'utf8'));
  const drawn = await page.evaluate(() => window.asyncbench.results[0].views.throughput.data('throughput').map((row) => ({ ...row })));
  for (const cell of result.summary) {
    const row = drawn.find((each) => each.strategy === cell.strategy && each.concurrency === cell.concurrency);
    if (!cell.metrics.throughput_rps) continue;
    assert.ok(row, `${cell.strategy} at ${cell.concurrency} is not drawn`);
    assert.ok(Math.abs(row.value / cell.metrics.throughput_rps.value - 1) < 1e-3);
  }
  assert.ok((await rowsInTable(page)) > 0);

  // So does the table of the scalability law: it is what `report` makes of the result.
  const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
  const law = await page.locator('#live-report details.law table').innerHTML();
  const report = readFileSync(join(directory, 'report.html'), 'utf8');
  const expected = /<details class="law[^]*?<table>([^]*?)<\/table>/.exec(report)[1];
  assert.match(text(expected), /callback .*coroutine/);
  assert.equal(text(law), text(expected));
  assert.match(await page.locator('#live-report').innerText(), /live-page/);

  const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(scroll <= inner, `scrolls sideways: ${scroll}`);
  assert.deepEqual(trouble, []);
  assert.deepEqual(await axeFinds(page), []);
} finally {
  await browser.close();
}
