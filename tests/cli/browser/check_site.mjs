// check_site.mjs DIRECTORY: opens a site of two runs or more from its files.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';

import { axeFinds, launch } from '../../reports/browser/browser.mjs';

const directory = resolve(process.argv[2]);
const index = `file://${directory}/index.html`;
const browser = await launch();

const open = async (options) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && trouble.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(`file://${directory}/`) && !/^(data|blob):/.test(request.url())) trouble.push(request.url());
  });
  await page.goto(index);
  return { context, page, trouble };
};

const expectAccessible = async (page) => assert.deepEqual(await axeFinds(page), []);

try {
  for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light'], [1920, 'light']]) {
    const { context, page, trouble } = await open({ viewport: { width, height: 900 }, colorScheme });
    const dates = await page.locator('.runs time').allInnerTexts();
    assert.ok(dates.length >= 2);
    assert.deepEqual(dates, [...dates].sort().reverse());
    const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(scroll <= inner, `scrolls sideways at ${width}: ${scroll}`);
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.runs')).listStyleType), 'none');

    // To a run, whose charts are drawn by the script that all share, and back.
    await page.locator('.runs h2 a').last().click();
    await page.waitForFunction(() => window.asyncbench?.ready);
    await page.evaluate(() => window.asyncbench.ready);
    assert.ok((await page.locator('[data-chart="throughput"] svg').count()) > 0);
    assert.equal(await page.evaluate(() => window.hostile), undefined);
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.waitForURL(index);
    assert.deepEqual(trouble, [], `at ${width}`);
    await context.close();
  }
  // The page's policy would keep axe itself out.
  const { page } = await open({ bypassCSP: true });
  assert.equal(await page.locator('script').count(), 0);
  await expectAccessible(page);
} finally {
  await browser.close();
}
