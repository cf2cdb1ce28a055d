// Pictures of a report, for README: node screenshot-report.mjs REPORT.html DIRECTORY
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch } from '../../tests/reports/browser/browser.mjs';

const [report, directory] = process.argv.slice(2).map((path) => resolve(path));
const browser = await launch();
try {
  const open = async (colorScheme) => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, colorScheme });
    await page.goto(pathToFileURL(report).href);
    await page.evaluate(() => asyncbench.ready);
    return page;
  };
  const top = { clip: { x: 0, y: 0, width: 1000, height: 1060 }, fullPage: true };
  const light = await open('light');
  await light.screenshot({ path: `${directory}/report.png`, ...top });
  for (const chart of ['share', 'timeline']) {
    await light.locator(`figure:has([data-chart="${chart}"])`).screenshot({ path: `${directory}/${chart}.png` });
  }
  await (await open('dark')).screenshot({ path: `${directory}/report-dark.png`, ...top });
} finally {
  await browser.close();
}
