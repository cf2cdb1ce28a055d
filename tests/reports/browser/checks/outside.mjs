// Text from outside stays text, and could run nothing if it did not.
import assert from 'node:assert/strict';

import { exists, open, readJson, resultOf } from './support.mjs';

export default {
  // Text from outside stays text: as content, as attribute, in charts and their tooltips.
  async hostile() {
    const { page } = await open('hostile');
    assert.equal(await page.locator('script').count(), 5);
    assert.equal(await page.locator('img').count(), 0);
    await page.locator('[data-chart="cpu"] svg [aria-roledescription="point"]').nth(1).hover();
    const tooltip = await page.locator('#vg-tooltip-element').innerText();
    assert.match(tooltip, /<\/script><script>window\.hostile=1/);
    await page.locator('details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
    assert.equal(await page.evaluate(() => window.hostile), undefined);
    const heading = await page.locator('h1').innerText();
    assert.match(heading, /^<\/script><script>window\.hostile=1<\/script><img src=x onerror="window\.hostile=1">/);
    assert.equal(await page.locator('[onerror]').count(), 0);
    assert.equal((await resultOf(page)).scenario.question, readJson('hostile').scenario.question);
  },

  // Text that became markup by mistake could still run no script; the page's own scripts run.
  async policy() {
    const attack = '<script>window.hostile = 1</script><img src="data:," onerror="window.hostile = 1"><a id="link" href="javascript:window.hostile = 1">here</a></main>';
    for (const name of ['clean', 'pitfalls-clean', 'gate-failing'].filter(exists)) {
      const { page, trouble } = await open(name, { replace: ['</main>', attack] });
      assert.equal(await page.locator('img').count(), 1, name);
      await page.locator('#link').click();
      await page.waitForFunction(() => document.querySelector('[data-chart] svg') !== null);
      assert.equal(await page.evaluate(() => window.hostile), undefined, name);
      assert.ok(trouble.length >= 2 && trouble.every((each) => /Content Security Policy/.test(each)), String(trouble));
    }
  },
};
