// The page of a gate.
import assert from 'node:assert/strict';

import { axeFinds } from '../browser.mjs';
import { marks, near, open, readJson, resultOf, rowsOf, textTrouble } from './support.mjs';

export default {
  // The page of a gate: no trouble, no sideways scrolling, accessible, in every state; what it draws is what was found.
  async gate() {
    for (const name of ['passing', 'failing', 'disturbed', 'files', 'failed', 'hostile'].map((state) => `gate-${state}`)) {
      for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light']]) {
        const options = { viewport: { width, height: 900 }, colorScheme };
        const { context, page, trouble } = await open(name, options);
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        assert.equal(await page.evaluate(() => window.hostile), undefined);
        assert.equal(await page.locator('script').count(), 4);
        assert.equal(await page.locator('img, [onerror]').count(), 0);
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        assert.deepEqual(await axeFinds(page), [], `${name} at ${width} ${colorScheme}`);
        assert.deepEqual(await textTrouble(page), [], `${name} at ${width}`);
        assert.deepEqual(trouble, [], `${name} at ${width}`);
        await context.close();
      }
    }
    const { page } = await open('gate-failing');
    assert.equal(await page.locator('h1').innerText(), 'FAIL');
    assert.deepEqual(await resultOf(page), readJson('gate-failing'));
    const { lines, control } = readJson('gate-failing');
    const drawn = await page.evaluate(() =>
      [...document.querySelectorAll('[data-chart="ratios"] svg .mark-symbol.role-mark path')].map((path) => {
        const view = asyncbench.results[0].views.ratios;
        const { ratio, place } = path.__data__.datum;
        const at = /translate\(([-\d.]+),([-\d.]+)\)/.exec(path.getAttribute('transform')).slice(1).map(Number);
        return { ratio, at, right: [view.scale('x')(ratio), view.scale('y')(place)] };
      }),
    );
    // What fails on top, what decides nothing below.
    const weights = { FAIL: 0, INCONCLUSIVE: 1, PASS: 2 };
    const ordered = lines.toSorted((one, other) => (weights[one.verdict] ?? 3) - (weights[other.verdict] ?? 3));
    assert.deepEqual(drawn.map(({ ratio }) => ratio), ordered.flatMap(({ ratios }) => ratios));
    for (const { at, right } of drawn) {
      assert.ok(Math.abs(at[0] - right[0]) < 0.6 && Math.abs(at[1] - right[1]) < 0.6, `${at}, not ${right}`);
    }
    // The lines at 1, the medians and the limits, none of them through a word.
    const limits = await rowsOf(page, 'ratios', 'limits');
    const { page: phone } = await open('gate-failing', { viewport: { width: 390, height: 900 } });
    for (const each of [page, phone]) {
      const rules = each.locator('[data-chart="ratios"] svg .mark-rule.role-mark line');
      assert.equal(await rules.count(), 2 * lines.length + limits.length);
      const names = each.locator('[data-chart="ratios"] svg .mark-text.role-mark text');
      const boxesOf = async (marks) => Promise.all((await marks.all()).map((mark) => mark.boundingBox()));
      const [drawnNames, drawnRules] = [await boxesOf(names), await boxesOf(rules)];
      assert.equal(drawnNames.length, lines.length);
      for (const name of drawnNames) {
        const through = drawnRules.filter((rule) => rule.y < name.y + name.height - 3 && rule.y + rule.height > name.y + 3);
        assert.deepEqual(through.filter(({ x }) => x > name.x && x < name.x + name.width), []);
      }
    }
    // A time fails above 1, a rate below it.
    const fails = limits.filter(({ kind }) => kind === 'fails');
    near(fails[0].value, 1.05, 'the limit of a time');
    near(fails[1].value, 1 / 1.05, 'the limit of a rate');
    assert.deepEqual((await rowsOf(page, 'drift')).map(({ value }) => value), control.drift);
    const plain = await open('gate-failing', { javaScriptEnabled: false });
    const words = await plain.page.locator('main').innerText();
    for (const reason of [/a fresh batch confirms it: 20 %/, /47 ms is below 50 ms/]) assert.match(words, reason);

    // What passes is folded, on paper opened; on a phone even a page of many checks is short.
    const passes = page.getByText('47 ms is below 50 ms');
    assert.ok(!(await passes.isVisible()));
    assert.ok(await page.getByText('a fresh batch confirms it: 20 %').isVisible());
    await page.locator('.fold summary').first().press('Enter');
    assert.ok(await passes.isVisible());
    await page.locator('.fold summary').first().press('Enter');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.ok(await passes.isVisible());
    // Each strip's words are whole.
    const strips = await phone.locator('[data-chart="ratios"] svg .mark-text.role-mark text').evaluateAll((all) =>
      all.map((text) => [...text.querySelectorAll('tspan')].map((line) => line.textContent).join(' ')),
    );
    assert.deepEqual(strips, (await rowsOf(phone, 'ratios')).map(({ verdict_text: verdict, line, ratio }) => `${verdict} · ${line} ${ratio}`));
    for (const card of await phone.locator('.checks tbody tr').all()) {
      if (!(await card.isVisible())) continue;
      const { height, width } = await card.boundingBox();
      assert.ok(height < 180 && width > 300, `a check's card is ${width} x ${height}`);
      for (const cell of await card.locator('th, td').all()) {
        const { x, width: wide } = await cell.boundingBox();
        assert.ok(x >= 0 && x + wide <= 390, 'a cell is cut off');
      }
    }
  },
};
