// The page of the pitfalls.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { axeFinds } from '../browser.mjs';
import { near, open, readJson, resultOf, textTrouble } from './support.mjs';

export default {
  // The page of the pitfalls: no trouble, no sideways scrolling of the page, accessible; the ways stand side by side
  // where there is room, and below each other where there is none.
  async pitfalls() {
    for (const name of ['pitfalls-clean', 'pitfalls-troubled', 'pitfalls-hostile', 'pitfalls-empty']) {
      for (const [width, colorScheme] of [[390, 'light'], [1280, 'dark'], [1920, 'light']]) {
        const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        for (const box of await page.locator('[data-chart] > svg').all()) {
          const { x, width: drawn } = await box.boundingBox();
          assert.ok(x >= 0 && x + drawn <= width, `${name}: the chart is cut off at ${width}`);
        }
        // Words are whole.
        assert.deepEqual(await textTrouble(page), [], `${name} at ${width}`);
        const words = await page.locator('[data-chart="pitfalls"] svg .mark-text.role-mark text').evaluateAll((all) =>
          all.map((text) => [...(text.querySelector('tspan') ? text.querySelectorAll('tspan') : [text])].map((line) => line.textContent).join(' ')).join('\n'),
        );
        const rows = await page.evaluate(() => (asyncbench.results[0].datasets.pitfalls ?? []).map(({ title, note }) => ({ title, note })));
        const unbroken = (text) => text.replaceAll(/\s/g, '');
        for (const { title, note } of rows.filter((row) => row.note)) {
          for (const text of [title, note]) assert.ok(unbroken(words).includes(unbroken(text)), `${text} at ${width}`);
        }
        assert.equal(await page.evaluate(() => window.hostile), undefined);
        assert.equal(await page.locator('img, [onerror]').count(), 0);
        assert.deepEqual(trouble, [], `${name} at ${width}`);
        await context.close();
      }
    }
    for (const [width, together] of [[390, false], [1280, true]]) {
      const { context, page } = await open('pitfalls-clean', { viewport: { width, height: 900 }, javaScriptEnabled: false });
      const ways = page.locator('#block-it .way');
      const [wrong, right] = [await ways.nth(0).boundingBox(), await ways.nth(1).boundingBox()];
      assert.equal(wrong.y === right.y, together, `side by side at ${width}`);
      assert.match(await ways.nth(0).innerText(), /Task<int> wrong\(std::vector<int> numbers\)/);
      // What would be drawn stands in a table.
      const row = page.locator('.unscripted tr', { hasText: 'forget-it' }).first();
      assert.match(await row.innerText(), /no number: work was lost/);
      await context.close();
    }
    for (const [name, width, colorScheme] of [
      ['pitfalls-clean', 390, 'light'],
      ['pitfalls-clean', 1280, 'dark'],
      ['pitfalls-hostile', 1280, 'light'],
      ['pitfalls-empty', 390, 'dark'],
    ]) {
      const { context, page } = await open(name, { viewport: { width, height: 900 }, colorScheme });
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      assert.deepEqual(await axeFinds(page), [], `${name} ${colorScheme}`);
      await context.close();
    }
  },

  // The chart of the pitfalls: a symbol for each way that a number compares, where that number belongs, and a cross for
  // each whose work was lost.
  async 'pitfalls-chart'() {
    const { page, trouble } = await open('pitfalls-clean');
    const symbols = () =>
      page.evaluate(() => {
        const view = asyncbench.results[0].views.pitfalls;
        const at = (path) => /translate\(([-\d.]+),([-\d.]+)\)/.exec(path.getAttribute('transform')).slice(1).map(Number);
        const paths = document.querySelectorAll('[data-chart="pitfalls"] svg .mark-symbol.role-mark path');
        return [...paths].map((path) => {
          const { pitfall, strategy, value } = path.__data__.datum;
          return { pitfall, strategy, value, drawn: at(path), right: [view.scale('x')(value), view.scale('y')(pitfall)] };
        });
      });
    const drawn = await symbols();
    const { pitfalls } = await resultOf(page);
    assert.deepEqual(await resultOf(page), readJson('pitfalls-clean'));
    const medianOf = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const rate = (result, way, repetition) =>
      result.trials.find((t) => t.strategy.endsWith(`way=${way}`) && t.repetition === repetition).metrics.throughput_rps;
    for (const { pitfall, ways, result } of pitfalls.map((each) => ({ ...each, pitfall: each.name }))) {
      for (const { way } of ways) {
        const symbol = drawn.find((each) => each.pitfall === pitfall && each.strategy === way);
        if (pitfall === 'forget-it' && way === 'wrong') {
          assert.equal(symbol, undefined);
          continue;
        }
        const repetitions = [...new Set(result.trials.map((trial) => trial.repetition))];
        const worse = medianOf(repetitions.map((r) => rate(result, 'right', r) / rate(result, way, r)));
        near(symbol.value, worse, `${pitfall} ${way}`);
        assert.ok(Math.abs(symbol.drawn[0] - symbol.right[0]) < 0.6, `${symbol.drawn}, not ${symbol.right}`);
      }
    }
    assert.equal(drawn.length, 6);
    const texts = () => page.locator('[data-chart="pitfalls"] svg .mark-text.role-mark text').allTextContents();
    assert.equal((await texts()).filter((text) => text === '✕').length, 1);
    assert.ok((await texts()).some((text) => text.startsWith('wrong: 198 of 200 requests were never sent')));

    await page.locator('[data-chart="pitfalls"] svg .mark-symbol.role-mark path').first().hover();
    assert.match(await page.locator('#vg-tooltip-element').innerText(), /A mistake called block-it[^]*14\.7×/);
    const figure = page.locator('figure:has([data-chart="pitfalls"])');
    await figure.locator('.data summary').click();
    await figure.locator('.scroll tbody tr').first().waitFor();
    assert.equal(await figure.locator('.scroll tbody tr').count(), 7);
    assert.match(await figure.locator('.scroll tbody').innerText(), /no number: work was lost[^]*198 of 200/);

    const buttons = figure.locator('.legend button');
    assert.deepEqual(await buttons.allInnerTexts(), ['wrong', 'right', 'bridged']);
    await buttons.nth(0).press('Enter');
    await page.waitForFunction(() => asyncbench.results[0].hidden.size === 1);
    assert.deepEqual(new Set((await symbols()).map(({ strategy }) => strategy)), new Set(['right', 'bridged']));
    assert.ok(!(await texts()).includes('✕'));
    for (const index of [1, 2]) await buttons.nth(index).press('Space');
    await page.waitForFunction(() => asyncbench.results[0].hidden.size === 3);
    assert.equal((await symbols()).length, 0);
    await buttons.nth(0).click();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[aria-label="Save as SVG: Wrong, right, bridged"]').click(),
    ]);
    const svg = readFileSync(await download.path(), 'utf8');
    for (const word of ['Wrong, right, bridged', '5 blocks, each trial', 'A mistake called block-it']) {
      assert.ok(svg.includes(word), word);
    }
    assert.ok(!svg.includes('var('));
    const label = () =>
      page.evaluate(() => getComputedStyle(document.querySelector('[data-chart="pitfalls"] .mark-text text')).fill);
    const light = await label();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await label(), light);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.setViewportSize({ width: 700, height: 900 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.ok(await figure.locator('details.how p').isVisible());
    assert.ok(!(await figure.locator('.tools').isVisible()));
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 700);
    assert.deepEqual(trouble, []);
  },
};
