// check_live_load.mjs URL PID: follows the page of a load as a person would, and interrupts its process.
import assert from 'node:assert/strict';

import { launch } from '../../reports/browser/browser.mjs';

const [url, pid] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && trouble.push(`console: ${message.text()}`));
  await page.goto(url);
  // While it runs: seconds, the rate and the latencies so far.
  for (const chart of ['rate', 'times', 'latency'])
    await page.waitForSelector(`#live-report [data-chart="${chart}"] svg`, { timeout: 60_000 });
  assert.match(await page.locator('#live-now').innerText(), /^\d+ of \d+ seconds done.*now .*\/s, p99/);
  const secondsDrawn = () => page.evaluate(() => Math.max(...window.asyncbench.results[0].datasets.rate.map((row) => row.second)));
  const before = await secondsDrawn();
  await page.waitForFunction(
    (seen) => Math.max(...window.asyncbench.results[0].datasets.rate.map((row) => row.second)) > seen, before);
  // Its end, which comes when all was seen, however long a busy machine takes for it.
  process.kill(Number(pid), 'SIGINT');
  await page.waitForSelector('#live-end:not([hidden])', { timeout: 60_000 });
  await page.evaluate(() => window.asyncbench.ready);
  assert.match(await page.locator('#live-end').innerText(), /^The run was interrupted\. Its report is .*report\.html\.$/);
  assert.match(await page.locator('#live-report').innerText(), /Interrupted\. Served .*\/s/);
  assert.deepEqual(trouble, []);
} finally {
  await browser.close();
}
