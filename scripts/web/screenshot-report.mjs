// Pictures of a report, for README: node screenshot-report.mjs REPORT.html DIRECTORY
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch } from '../../tests/reports/browser/browser.mjs';

const [report, directory] = process.argv.slice(2).map((path) => resolve(path));
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(report).href);
  await page.evaluate(() => asyncbench.ready);
  await page.screenshot({ path: `${directory}/report.png`, clip: { x: 0, y: 0, width: 1000, height: 1000 }, fullPage: true });
  for (const chart of ['throughput', 'timeline']) {
    await page.locator(`figure:has([data-chart="${chart}"])`).screenshot({ path: `${directory}/${chart}.png` });
  }
} finally {
  await browser.close();
}
