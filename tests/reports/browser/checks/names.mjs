// What says which chart and which line is what: titles, ends of lines, captions, legends, colours and shapes.
import assert from 'node:assert/strict';

import { open, resultOf } from './support.mjs';

export default {
  // A screen reader tells the charts apart, and what they measure.
  async labels() {
    const { page } = await open('clean');
    const labels = await page.locator('[data-chart]').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
    assert.equal(new Set(labels).size, labels.length, labels.join('\n'));
    const of = (chart) => page.locator(`[data-chart="${chart}"]`).getAttribute('aria-label');
    assert.match(await of('memory'), /Memory \(Peak resident memory in MB\)/);
    assert.match(await of('stalls'), /Longest stall \(Milliseconds\)/);
    assert.match(await of('drift'), /Throughput of every trial/);
    const axis = page.locator('[data-chart="drift"] svg .role-axis-title', { hasText: 'median' });
    assert.equal(await axis.textContent(), "Throughput, from its cell's median");
  },

  // The lines' ends have names, each beside its line, none on another.
  async ends() {
    const { page, trouble } = await open('crowded');
    const { scenario } = await resultOf(page);
    const names = page.locator('[data-chart="throughput"] svg .mark-text.role-mark text');
    const texts = await names.allTextContents();
    assert.deepEqual(new Set(texts), new Set([...scenario.strategies, 'ideal']));
    const boxes = (await Promise.all((await names.all()).map((name) => name.boundingBox()))).sort((a, b) => a.y - b.y);
    for (const [at, box] of boxes.slice(1).entries()) assert.ok(box.y >= boxes[at].y + boxes[at].height - 3, texts[at]);
    const chart = await page.locator('[data-chart="throughput"]').boundingBox();
    for (const { x, width } of boxes) assert.ok(x + width <= chart.x + chart.width, 'a name is cut off');
    const offset = await page.evaluate(() => {
      const view = asyncbench.results[0].views.throughput;
      const y = view.scale('y');
      return view.data('ends').map(({ strategy, place, value }) => [strategy, y(place) - y(value)]);
    });
    // One that stands alone stands at its line.
    assert.ok(Math.abs(Object.fromEntries(offset).sequential) < 0.5, String(offset));
    // A page that is too narrow has the legend alone.
    const { page: phone } = await open('crowded', { viewport: { width: 390, height: 900 } });
    const few = await phone.locator('[data-chart="throughput"] svg .mark-text.role-mark text').allTextContents();
    assert.equal(few.join(''), '');
    assert.deepEqual(trouble, []);
  },

  // Each figure says what its numbers hold for.
  async captions() {
    const { page } = await open('clean');
    for (const caption of await page.locator('figure:has([data-chart]) figcaption').allInnerTexts()) {
      assert.match(caption, /closed loop for 2s.*; 5 valid trials a cell/);
    }
    const of = (chart) => page.locator(`figure:has([data-chart="${chart}"]) figcaption`).innerText();
    for (const chart of ['throughput', 'share', 'ratios', 'cpu', 'memory']) {
      assert.match(await of(chart), /intervals of 93\.8 % confidence\./, chart);
    }
    assert.match(await of('drift'), /^throughput; /);
    assert.doesNotMatch(await of('latency'), /confidence/);
  },

  // What has no valid trial is in no legend, and the figure says so; elsewhere it is drawn.
  async leftout() {
    const { page } = await open('troubled');
    for (const chart of ['ratios', 'latency', 'distribution', 'timeline']) {
      const figure = page.locator(`figure:has([data-chart="${chart}"])`);
      const listed = async () => {
        const names = await figure.locator('.legend button:visible').allInnerTexts();
        return names.includes('callback');
      };
      assert.match(await figure.locator('.left-out').first().innerText(), /Left out: callback at 64 \(no valid trial\)/, chart);
      assert.equal(await listed(), false, chart);
      await figure.locator('.vega-bind', { hasText: 'Concurrent requests' }).locator('select').selectOption('1');
      await page.waitForFunction((name) => asyncbench.results[0].views[name].signal('concurrency') === 1, chart);
      assert.equal(await listed(), true, chart);
    }
    assert.match(await page.locator('figcaption').first().innerText(), /; 0 to 5 valid trials a cell, of 5 planned; intervals of /);
  },

  // More strategies than colours: no two look alike, by colour and shape together.
  async looks() {
    const { page } = await open('many');
    const looks = await page.locator('figure').first().locator('.legend path').evaluateAll((paths) =>
      paths.map((path) => getComputedStyle(path).fill + path.getAttribute('d')),
    );
    assert.equal(looks.length, 10);
    assert.equal(new Set(looks).size, 10);
    // Trials have the shape of their series.
    const shapes = await page.evaluate(() => {
      const paths = document.querySelectorAll('[data-chart="throughput"] svg .mark-symbol.role-mark path');
      const items = [...paths].map((path) => path.__data__).filter(({ datum }) => datum.block || datum.text);
      return Map.groupBy(items, ({ datum }) => datum.strategy).values().map((each) => new Set(each.map(({ shape }) => shape)).size).toArray();
    });
    assert.deepEqual(shapes, Array(10).fill(1));
    // A line of measurements is never dashed.
    assert.equal(await page.locator('.legend [stroke-dasharray]').count(), 0);
    const dashes = await page.locator('[data-chart="throughput"] svg .mark-line.role-mark path').evaluateAll((paths) =>
      paths.filter((path) => path.__data__.datum.text).map((path) => path.getAttribute('stroke-dasharray')),
    );
    assert.deepEqual([...new Set(dashes)], [null]);
    // A strategy looks the same wherever it stands, in every result of the page and on every page.
    const lookIn = (place, name) =>
      place.locator('.legend button', { hasText: new RegExp(`^${name}$`) }).first().locator('path').evaluate((path) =>
        path.getAttribute('fill') + path.getAttribute('d'),
      );
    const { page: reversed } = await open('reversed');
    const { page: clean } = await open('clean');
    for (const name of ['sequential', 'thread-pool:threads=32', 'callback', 'coroutine']) {
      const [first, second] = [reversed.locator('#run-1'), reversed.locator('#run-2')];
      assert.equal(await lookIn(first, name), await lookIn(second, name), name);
      assert.equal(await lookIn(first, name), await lookIn(clean.locator('#run-1'), name), name);
    }
    const drawn = await reversed.evaluate(() => asyncbench.results.map(({ views }) => views.throughput.scale('color')('callback')));
    assert.equal(drawn[0], drawn[1]);
  },
};
