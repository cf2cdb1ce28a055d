// How long a report takes from its opening until all charts are drawn:
// node drawing-time.mjs REPORT.html [TIMES] [--limit=MILLISECONDS]; fails where the median is above the limit.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { launch, openReport } from '../../tests/reports/browser/browser.mjs';

const { values, positionals } = parseArgs({ options: { limit: { type: 'string' } }, allowPositionals: true });
const [report, times = '5'] = positionals;
const limit = values.limit === undefined ? Infinity : Number(values.limit);
if (!report || !(Number(times) >= 1) || !(limit > 0)) {
  console.error('Usage: node drawing-time.mjs REPORT.html [TIMES] [--limit=MILLISECONDS]');
  process.exit(64);
}
const milliseconds = [];
for (let i = 0; i < Number(times); ++i) {
  // A browser of its own, so that nothing is compiled already.
  const browser = await launch();
  const { page } = await openReport(browser, resolve(report));
  milliseconds.push(await page.evaluate(() => performance.getEntriesByName('asyncbench-drawn')[0].startTime));
  await browser.close();
}
milliseconds.sort((a, b) => a - b);
const text = (value) => `${Math.round(value)} ms`;
const median = milliseconds[Math.floor(milliseconds.length / 2)];
console.log(`drawn after ${text(median)} (median of ${times}; ${text(milliseconds[0])} to ${text(milliseconds.at(-1))})`);
if (median > limit) {
  console.error(`That is above the limit of ${text(limit)}.`);
  process.exit(1);
}
