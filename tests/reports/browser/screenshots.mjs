// screenshots.mjs REPORT DIRECTORY: the whole report at three widths, light and dark, to be looked at.
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { launch, openReport } from './browser.mjs';

const [report, directory] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const browser = await launch();
for (const width of [390, 1280, 1920]) {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page, trouble } = await openReport(browser, resolve(report), {
      viewport: { width, height: 900 },
      colorScheme,
    });
    const name = `${basename(report, '.html')}-${width}-${colorScheme}.png`;
    await page.screenshot({ path: join(directory, name), fullPage: true });
    console.log(name, ...trouble);
    await context.close();
  }
}
await browser.close();
