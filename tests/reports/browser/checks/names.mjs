// What says which chart and which line is what: titles, ends of lines, captions, legends, colours and shapes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

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

  // Long names that are alike but for their ends, or for their middles, are still told apart.
  async shortened() {
    const { page } = await open('clean');
    const names = [
      'exec:python3 /opt/somewhere/deep/client.py --x=1',
      'exec:python3 /opt/somewhere/deep/client.py --x=2',
      `exec:a${'i'.repeat(80)}1${'i'.repeat(80)}`,
      `exec:a${'i'.repeat(80)}2${'i'.repeat(80)}`,
      'coroutine',
    ];
    const short = await page.evaluate((all) => asyncbench.shortNames.make(all, 150, '12px sans-serif'), names);
    assert.equal(new Set(Object.values(short)).size, names.length, JSON.stringify(short));
    assert.equal(short.coroutine, 'coroutine');
    assert.match(short[names[0]], /^exec:.*….*=1$/);
    const widths = await page.evaluate((all) => {
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = '12px sans-serif';
      return all.map((text) => pen.measureText(text).width);
    }, Object.values(short));
    for (const width of widths) assert.ok(width <= 150, String(widths));
    // On the page, and in what is saved of it.
    const { page: alike } = await open('alike-names');
    const { scenario } = await resultOf(alike);
    const labels = await alike.locator('[data-chart="ratios"] svg .role-axis-label text').allTextContents();
    const cut = labels.filter((text) => text.includes('…'));
    assert.ok(cut.length >= 1, String(labels)); // the other may be the baseline
    assert.equal(new Set(cut).size, cut.length, String(cut));
    const ends = await alike.locator('[data-chart="throughput"] svg .mark-text.role-mark text').allTextContents();
    assert.equal(new Set(ends).size, scenario.strategies.length + 1, String(ends));
    const [download] = await Promise.all([alike.waitForEvent('download'), alike.locator('[aria-label="Save as SVG: Throughput"]').click()]);
    const svg = readFileSync(await download.path(), 'utf8');
    const legend = [...svg.matchAll(/>(exec:[^<]*)</g)].map(([, text]) => text);
    assert.ok(new Set(legend).size >= 2, String(legend));
  },

  // What symbols and lines are is said once, above the charts; each has a line of its own.
  async captions() {
    const { page } = await open('clean');
    const reading = page.locator('.reading');
    assert.equal(await reading.count(), 1);
    assert.match(await reading.innerText(), /5 trials a cell: .*median.*interval \(93\.8 % confidence\).*block/);
    assert.doesNotMatch(await reading.innerText(), /hollow|arrow|one request in flight/);
    const [top, first] = [await reading.boundingBox(), await page.locator('figure').first().boundingBox()];
    assert.ok(top.y < first.y);
    const captions = await page.locator('figure:has([data-chart]) figcaption').all();
    assert.ok(captions.length > 10);
    for (const caption of captions) {
      const text = await caption.innerText();
      assert.ok(text.length > 20 && !/median of|interval|block/.test(text.replace(/trials of one block|a block is many in flight/, '')), text);
      const { height } = await caption.boundingBox();
      assert.ok(height < 70, `${text} is ${height} high`);
    }
    const { page: judged } = await open('judged');
    assert.match(await judged.locator('.reading').innerText(), /sequential has one request in flight/);
  },

  // Hollow where the machine was busy, arrows where something was at its limit.
  async standing() {
    const { page, trouble } = await open('findings');
    assert.match(await page.locator('.reading').innerText(), /hollow symbol.*An arrow is a bound[^]*In no chart: callback at 64 \(wrong: client and target disagree on the work\)/);
    const symbols = (chart, least) =>
      page.evaluate(([name, median]) => {
        const paths = document.querySelectorAll(`[data-chart="${name}"] svg .mark-symbol.role-mark path`);
        return [...paths].map((path) => path.__data__).filter(({ datum }) => datum.standing && Boolean(datum.text) === median).map(({ datum, shape, fillOpacity }) => ({ ...datum, shape, hollow: fillOpacity === 0 }));
      }, [chart, least]);
    for (const [chart, arrow] of [['throughput', 'M0,-1.2'], ['share', 'M0,-1.2'], ['overhead', 'M0,1.2'], ['cpu', null]]) {
      for (const medians of [true, false]) {
        const drawn = await symbols(chart, medians);
        assert.ok(drawn.length > 5, chart);
        for (const each of drawn) {
          const what = `${chart}: ${JSON.stringify(each)}`;
          assert.ok(!(each.strategy === 'callback' && each.concurrency === 64), what);
          assert.equal(each.hollow, each.standing === 'disturbed', what);
          const limited = each.strategy === 'coroutine' && each.concurrency === 256;
          assert.equal(each.standing === 'limited', limited, what);
          if (arrow) assert.equal(each.shape.startsWith(arrow), limited, what);
        }
        assert.ok(drawn.some(({ hollow }) => hollow) && (medians || drawn.some(({ hollow }) => !hollow)), chart);
      }
    }
    // Over a limited baseline a ratio is at most so much, and the other way round.
    await page.locator('[data-chart="ratios"] select').nth(3).selectOption('all ratios');
    for (const [base, bounds] of [['coroutine', [-1, -1, -1]], ['callback', [0, 0, 1]]]) {
      await page.locator('[data-chart="ratios"] select').nth(0).selectOption(base);
      await page.evaluate(() => asyncbench.results[0].views.ratios.runAsync().then(() => null));
      const drawn = await page.evaluate(() =>
        [...document.querySelectorAll('[data-chart="ratios"] svg [aria-roledescription="point"]')].map((path) => path.__data__).filter(({ size }) => size > 100).map(({ datum, shape }) => [datum.bound, shape]),
      );
      assert.deepEqual(drawn.map(([bound]) => bound), bounds, base);
      for (const [bound, shape] of drawn) assert.equal(shape.startsWith(bound > 0 ? 'M1.2,' : 'M-1.2,'), bound !== 0, shape);
    }
    // Tables: bounds have their sign, what is wrong is red and named so, and the orders are asked one by one.
    const numbers = page.locator('#run-1-cells ~ .table').first();
    assert.match(await numbers.innerText(), /≥ [\d,]+\/s/);
    assert.match(await numbers.innerText(), /≤ [\d.]+ ms/);
    const red = await numbers.locator('tr.bad').allInnerTexts();
    assert.equal(red.length, 1);
    assert.match(red[0], /callback wrong/);
    assert.equal(await page.locator('.orders tbody tr').count(), (await resultOf(page)).ranking.orders.length);
    assert.deepEqual(trouble, []);
  },

  // What is wrong is in no legend, and the page says so once; elsewhere it is drawn.
  async leftout() {
    const { page } = await open('findings');
    assert.match(await page.locator('.reading').innerText(), /In no chart: callback at 64/);
    for (const chart of ['ratios', 'latency', 'distribution', 'timeline']) {
      const figure = page.locator(`figure:has([data-chart="${chart}"])`);
      const listed = async () => {
        const names = await figure.locator('.legend button:visible').allInnerTexts();
        return names.includes('callback');
      };
      await figure.locator('.vega-bind', { hasText: 'Concurrent requests' }).locator('select').selectOption('64');
      await page.waitForFunction((name) => asyncbench.results[0].views[name].signal('concurrency') === 64, chart);
      assert.equal(await listed(), false, chart);
      const [download] = await Promise.all([page.waitForEvent('download'), figure.locator('[aria-label^="Save as SVG"]').click()]);
      assert.match(readFileSync(await download.path(), 'utf8'), /In no chart: callback at 64 \(wrong/, chart);
      await figure.locator('.vega-bind', { hasText: 'Concurrent requests' }).locator('select').selectOption('1');
      await page.waitForFunction((name) => asyncbench.results[0].views[name].signal('concurrency') === 1, chart);
      assert.equal(await listed(), true, chart);
    }
    // Intervals are told of where the first strategy, which the result's own comparisons are with, has none.
    const { page: without } = await open('without-first');
    const [download] = await Promise.all([without.waitForEvent('download'), without.locator('[aria-label="Save as SVG: Against each other"]').click()]);
    assert.match(readFileSync(await download.path(), 'utf8'), /intervals of .* confidence/);
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
    const legend = (chart) => page.locator(`figure:has([data-chart="${chart}"]) .legend [stroke-dasharray]:not([stroke-dasharray="none"])`);
    assert.equal(await legend('throughput').count(), 0);
    const dashes = await page.locator('[data-chart="throughput"] svg .mark-line.role-mark path').evaluateAll((paths) =>
      paths.filter((path) => path.__data__.datum.text).map((path) => path.getAttribute('stroke-dasharray')),
    );
    assert.deepEqual([...new Set(dashes)], [null]);
    // But where lines have few symbols: of two of one colour, one is dashed and dotted, and the legend says so.
    for (const chart of ['latency', 'distribution']) {
      const lines = await page.locator(`[data-chart="${chart}"] svg .mark-line.role-mark path`).evaluateAll((paths) =>
        paths.map((path) => getComputedStyle(path).stroke + path.getAttribute('stroke-dasharray')),
      );
      assert.equal(new Set(lines).size, lines.length, lines.join('\n'));
      assert.equal(await legend(chart).count(), 2, chart);
      assert.match((await page.locator(`[data-chart="${chart}"] svg .role-legend-label text`).allTextContents()).join(), /service time, colour used again/);
    }
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
