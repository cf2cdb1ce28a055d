// check_report.mjs CHECK DIRECTORY: one check of the reports in a directory, in a real browser. Fails by an exception.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { axePath, launch, openReport } from './browser.mjs';

const [check, directory] = process.argv.slice(2);
const browser = await launch();
const open = (name, options) => openReport(browser, join(directory, `${name}.html`), options);
const exists = (name) => existsSync(join(directory, `${name}.html`));

// Text of charts that is cut off by its drawing's edge, or that lies on other text.
const textTrouble = (page) =>
  page.evaluate(() => {
    const little = 2; // pixels
    const found = [];
    for (const svg of document.querySelectorAll('[data-chart] > svg')) {
      const edge = svg.getBoundingClientRect();
      const { chart } = svg.parentElement.dataset;
      if (edge.left < 0 || edge.right > innerWidth + 1) found.push(`${chart} is cut off`);
      const isShown = (text) => text.textContent.trim() !== '' && getComputedStyle(text).opacity !== '0' && text.closest('[opacity="0"], [display="none"]') === null;
      const texts = [...svg.querySelectorAll('text')].filter(isShown).map((text) => [text.textContent, text.getBoundingClientRect()]);
      texts.forEach(([words, box], index) => {
        const over = Math.round(Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top, box.bottom - edge.bottom));
        if (over > little) found.push(`${chart}: "${words}" is cut off by ${over} pixels`);
        for (const [others, other] of texts.slice(index + 1)) {
          const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
          const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
          if (wide > little && high > 2 * little) found.push(`${chart}: "${words}" lies on "${others}"`);
        }
      });
    }
    return found;
  });

// No box without content, and no heading over nothing.
const expectNoEmptyBox = async (page) => {
  assert.equal(await page.locator('.chart:visible, [aria-busy]:visible').count(), 0);
  for (const figure of await page.locator('figure:visible').all()) assert.notEqual((await figure.innerText()).trim(), '');
  for (const section of await page.locator('section:visible').all()) {
    const { height } = await section.boundingBox();
    assert.ok((await section.innerText()).length > height / 20, await section.locator('h2').first().innerText());
  }
};

const near = (actual, expected, what) =>
  assert.ok(Math.abs(actual - expected) <= 1e-4 * Math.abs(expected) + 1e-9, `${what}: ${actual}, not ${expected}`);

// The rows of a dataset as the chart's view holds them.
const rowsOf = (page, chart, set = chart) =>
  page.evaluate(([c, s]) => asyncbench.results[0].views[c].data(s).map((row) => ({ ...row })), [chart, set]);

const resultOf = async (page) => JSON.parse(await page.evaluate(() => asyncbench.results[0].json()));

const metricRows = (result, metric) =>
  result.summary
    .filter((cell) => cell.metrics[metric])
    .map((cell) => ({ ...cell.metrics[metric], strategy: cell.strategy, concurrency: cell.concurrency }));

const expectMetric = async (page, chart, metric, scale) => {
  const rows = await rowsOf(page, chart);
  const expected = metricRows(await resultOf(page), metric);
  assert.equal(rows.length, expected.length, chart);
  for (const { strategy, concurrency, value, low, high } of expected) {
    const row = rows.find((r) => r.strategy === strategy && r.concurrency === concurrency);
    assert.ok(row, `${chart} has no ${strategy} at ${concurrency}`);
    near(row.value, value / scale, `${chart} ${strategy} ${concurrency}`);
    near(row.low, low / scale, `${chart} low`);
    near(row.high, high / scale, `${chart} high`);
  }
  return rows;
};

// Every trial is a point.
const expectTrials = async (page, chart, metric, scale) => {
  const rows = await rowsOf(page, chart, `${chart}_trials`);
  const { trials } = await resultOf(page);
  const known = trials.filter((trial) => typeof trial.metrics[metric] === 'number');
  const values = known.map((trial) => trial.metrics[metric] / scale);
  assert.equal(rows.length, values.length, chart);
  const ascending = (list) => list.sort((a, b) => a - b);
  const drawn = ascending(rows.map((row) => row.value));
  ascending(values).forEach((value, index) => near(drawn[index], value, `${chart}: a trial`));
};

const marks = (page, chart, kind) =>
  page.locator(`[data-chart="${chart}"] svg [aria-roledescription="${kind}"]`).count();

const checks = {
  // Every chart holds the result's numbers, and draws a mark for each.
  async draws() {
    const { page } = await open('clean');
    const points = await expectMetric(page, 'throughput', 'throughput_rps', 1);
    assert.equal(await marks(page, 'throughput', 'point'), points.length);
    const positions = await page.evaluate(() => {
      const view = asyncbench.results[0].views.throughput;
      const at = (path) => /translate\(([-\d.]+),([-\d.]+)\)/.exec(path.getAttribute('transform')).slice(1).map(Number);
      const paths = document.querySelectorAll('[data-chart="throughput"] svg [aria-roledescription="point"]');
      return [...paths].map((path) => {
        const row = path.__data__.datum;
        return { drawn: at(path), right: [view.scale('x')(row.concurrency), view.scale('y')(row.value)] };
      });
    });
    for (const { drawn, right } of positions) {
      assert.ok(Math.abs(drawn[0] - right[0]) < 0.6 && Math.abs(drawn[1] - right[1]) < 0.6, `${drawn}, not ${right}`);
    }
    for (const [chart, metric, scale] of [
      ['cpu', 'cpu_us_per_request', 1],
      ['memory', 'peak_rss_bytes', 1e6],
      ['utilization', 'loop_utilization', 0.01],
      ['stalls', 'loop_longest_busy_ns', 1e6],
      ['lag', 'loop_longest_lag_ns', 1e6],
    ]) {
      const cells = await expectMetric(page, chart, metric, scale);
      assert.equal(await marks(page, chart, 'point'), cells.length, chart);
      await expectTrials(page, chart, metric, scale);
    }
    assert.equal(await page.locator('[data-chart="instructions"]').count(), 0);
    assert.match(await page.locator('main').innerText(), /Left out: sequential, .*this kernel refuses performance counters/);
    await expectTrials(page, 'throughput', 'throughput_rps', 1);

    const result = await resultOf(page);
    const ideal = await rowsOf(page, 'throughput', 'ideal');
    assert.deepEqual(ideal.map((row) => row.concurrency), result.scenario.concurrency);
    const timeline = (await rowsOf(page, 'timeline')).filter((row) => row.concurrency === 256);
    assert.equal(timeline.length, 32 * result.scenario.strategies.length);
    const drawn = await page.locator('[data-chart="timeline"] svg .mark-rect.role-mark path').count();
    assert.equal(drawn, timeline.length);
    for (const row of timeline.slice(0, 5)) {
      const trial = result.trials.find((t) => t.strategy === row.strategy && t.concurrency === row.concurrency);
      near(row.done, trial.timeline.done_ns[trial.timeline.id.indexOf(row.id)] / 1e6, 'timeline');
    }
    // A line for each strategy and kind of time, at the concurrency chosen, through all its points.
    for (const chart of ['latency', 'distribution']) {
      const lines = await page.evaluate((name) => {
        const paths = document.querySelectorAll(`[data-chart="${name}"] svg .mark-line.role-mark path`);
        return [...paths].map((path) => path.__data__.mark.items.map((item) => item.datum));
      }, chart);
      assert.equal(lines.length, 2 * result.scenario.strategies.length, chart);
      const rows = (await rowsOf(page, chart)).filter((row) => row.concurrency === 256);
      assert.deepEqual(lines.flat().map((row) => row.concurrency), rows.map(() => 256));
    }
    const drift = await rowsOf(page, 'drift');
    assert.equal(drift.length, result.trials.length);
    assert.equal(await page.locator('[data-chart="drift"] svg .mark-symbol.role-mark path').count(), drift.length);
  },

  // Each strategy against each other one, with the pairs that the ratio is the median of; as a baseline any can be chosen.
  async ratios() {
    const { page, trouble } = await open('clean');
    const { comparisons, trials } = await resultOf(page);
    const rows = await rowsOf(page, 'ratios');
    for (const { base, head, concurrency, metric, ratio } of comparisons.filter((c) => c.metric === 'throughput_rps')) {
      const row = rows.find(
        (r) => r.base === base && r.strategy === head && r.concurrency === concurrency && r.measure === 'throughput, higher is better',
      );
      near(row.value, ratio.value, 'a ratio');
      near(row.low, ratio.low, 'its interval');
      const turned = rows.find(
        (r) => r.base === head && r.strategy === base && r.concurrency === concurrency && r.measure === 'throughput, higher is better',
      );
      near(turned.value, 1 / ratio.value, 'the ratio turned round');
    }
    const selects = page.locator('[data-chart="ratios"] select');
    const choose = async (index, label) => {
      await selects.nth(index).selectOption({ label });
      await page.evaluate(() => asyncbench.results[0].views.ratios.runAsync().then(() => null));
    };
    const drawn = (size) =>
      page.evaluate((least) => {
        const paths = document.querySelectorAll('[data-chart="ratios"] svg [aria-roledescription="point"]');
        return [...paths].map((path) => path.__data__).filter(({ size }) => (size > 100) === least).map(({ datum }) => datum);
      }, size);
    const texts = () => page.locator('[data-chart="ratios"] svg .mark-text.role-mark text').allTextContents();
    const sides = async () => (await texts()).filter((text) => text.includes('better'));
    const pairs = () => drawn(false);
    const medians = () => drawn(true);
    // At first the best is the baseline, and what is as good is seen; what is not is a number at the edge.
    const best = await selects.nth(0).inputValue();
    assert.ok(['callback', 'coroutine'].includes(best), best);
    const like = best === 'callback' ? 'coroutine' : 'callback';
    assert.deepEqual((await medians()).map(({ strategy }) => strategy), [like]);
    assert.deepEqual((await texts()).map((text) => text[0]), ['b', '◂', '◂']);
    assert.deepEqual(await sides(), ['better ▸']);
    const at = (strategy, block) =>
      trials.find((t) => t.strategy === strategy && t.concurrency === 256 && t.repetition === block - 1).metrics;
    const expectPairs = async (base, metric) => {
      for (const { of, block, value } of await pairs()) near(value, at(of, block)[metric] / at(base, block)[metric], 'a pair');
    };
    assert.equal((await pairs()).length, 5);
    await expectPairs(best, 'throughput_rps');
    await choose(3, 'all ratios');
    assert.equal((await medians()).length, 3);
    assert.equal((await pairs()).length, 3 * 5);
    assert.deepEqual(await texts(), ['better ▸']);
    await choose(0, 'sequential');
    await choose(1, 'CPU time per request, lower is better');
    assert.deepEqual((await medians()).map(({ base }) => base), Array(3).fill('sequential'));
    assert.deepEqual(await sides(), ['◂ better']);
    assert.equal((await pairs()).length, 3 * 5);
    await expectPairs('sequential', 'cpu_us_per_request');
    assert.match(
      await page.locator('figure:has([data-chart="ratios"]) .chosen').innerText(),
      /^Baseline: sequential · Measure: CPU time per request, lower is better · Concurrent requests: 256 · Axis: all ratios$/,
    );
    // A baseline that is hidden is still one; another strategy that is hidden goes with its pairs.
    for (const hidden of ['sequential', 'callback']) {
      await page.locator('figure:has([data-chart="throughput"]) .legend button', { hasText: hidden }).click();
      await page.waitForFunction((name) => asyncbench.results[0].hidden.has(name), hidden);
    }
    await page.evaluate(() => asyncbench.results[0].views.ratios.runAsync().then(() => null));
    assert.deepEqual((await medians()).map(({ strategy }) => strategy), ['thread-pool:threads=32', 'coroutine']);
    assert.equal((await pairs()).length, 2 * 5);
    // The table has the intervals.
    const figure = page.locator('figure:has([data-chart="ratios"])');
    await figure.locator('.data summary').click();
    const tables = figure.locator('.scroll table');
    assert.match(await tables.nth(0).locator('tbody tr').last().innerText(), /coroutine\ssequential\s256\sCPU time per request, lower is better\s0\.\d+× \[/);
    // Below stands each pair that is drawn.
    assert.match(await tables.nth(1).locator('caption').innerText(), /each pair of trials/);
    assert.equal(await tables.nth(1).locator('tbody tr').count(), 2 * 5);
    assert.deepEqual(trouble, []);
  },

  // What is drawn of a strategy is all of it: a pair far off its median is seen where the median is.
  async outlier() {
    const { page, trouble } = await open('outlier');
    const { trials } = await resultOf(page);
    const rate = (strategy) =>
      trials.find((t) => t.strategy === strategy && t.concurrency === 256 && t.repetition === 2).metrics.throughput_rps;
    const selects = page.locator('[data-chart="ratios"] select');
    await selects.nth(0).selectOption('coroutine');
    await page.evaluate(() => asyncbench.results[0].views.ratios.runAsync().then(() => null));
    assert.equal(await selects.nth(3).inputValue(), 'small differences');
    const pairs = await page.evaluate(() =>
      [...document.querySelectorAll('[data-chart="ratios"] svg [aria-roledescription="point"]')]
        .map((path) => path.__data__.datum)
        .filter(({ of }) => of === 'callback')
        .map(({ value }) => value),
    );
    assert.equal(pairs.length, 5);
    const far = rate('callback') / rate('coroutine');
    assert.ok(far < 0.6, String(far));
    near(Math.min(...pairs), far, 'the pair far off');
    assert.deepEqual(trouble, []);
  },

  // Of the ideal a difference of a percent is several pixels, though one strategy is far below.
  async share() {
    const { page, trouble } = await open('clean');
    await expectMetric(page, 'share', 'efficiency', 0.01);
    await expectTrials(page, 'share', 'efficiency', 0.01);
    const view = (code) => page.evaluate(`{ const view = asyncbench.results[0].views.share; ${code}; }`);
    const percent = () => view("Math.abs(view.scale('y')(99) - view.scale('y')(98))");
    const symbols = () => marks(page, 'share', 'point');
    const texts = () => page.locator('[data-chart="share"] svg .mark-text.role-mark text').allTextContents();
    const cells = (await resultOf(page)).summary.length;
    assert.ok((await percent()) > 10, String(await percent()));
    const edge = (await texts()).length;
    assert.ok(edge >= 3 && (await texts()).every((text) => /^◂ [\d.]+ %$/.test(text)), String(await texts()));
    assert.equal((await symbols()) + edge, cells);
    await page.locator('[data-chart="share"] select').selectOption('from 0 %');
    await page.evaluate(() => asyncbench.results[0].views.share.runAsync().then(() => null));
    assert.equal(await symbols(), cells);
    assert.deepEqual(await texts(), []);
    assert.equal(await view("view.scale('y').domain()[0] <= 0"), true);
    assert.deepEqual(trouble, []);
    // Side by side as in the legend.
    const { scenario } = await resultOf(page);
    assert.deepEqual(await view("view.scale('xOffset').domain()"), scenario.strategies);
    // Where there is no room for the number, it is said to who points at the arrow.
    const { page: phone } = await open('crowded', { viewport: { width: 390, height: 900 } });
    const arrow = phone.locator('[data-chart="share"] svg .mark-text.role-mark text').first();
    assert.equal(await arrow.textContent(), '◂');
    await arrow.hover();
    assert.match(await phone.locator('#vg-tooltip-element').innerText(), /sequential[^]*median[^]*\d %/);
  },

  // The scalability law where there are concurrencies enough, and the reason where there are not.
  async scalability() {
    const { page } = await open('clean');
    const fit = await rowsOf(page, 'throughput', 'fit');
    assert.deepEqual([...new Set(fit.map((row) => row.strategy))], (await resultOf(page)).scenario.strategies);
    const table = page.locator('table', { hasText: 'coherency' });
    assert.equal(await table.locator('tbody tr').count(), 4);
    const { page: single } = await open('single');
    assert.match(await single.locator('main').textContent(), /no fit: the law is of a closed loop/);
  },

  // With one concurrency there is nothing to draw a line over, and nothing to choose.
  async single() {
    const { page, trouble } = await open('single');
    const rows = await expectMetric(page, 'throughput', 'throughput_rps', 1);
    assert.equal(await marks(page, 'throughput', 'bar'), rows.length);
    assert.equal(await page.locator('select', { hasText: '64' }).count(), 0);
    assert.deepEqual(trouble, []);
  },

  async selects() {
    const { page } = await open('clean');
    const shown = () =>
      page.evaluate(() => {
        const paths = document.querySelectorAll('[data-chart="timeline"] svg .mark-rect.role-mark path');
        return [...new Set([...paths].map((path) => path.__data__.datum.concurrency))];
      });
    assert.deepEqual(await shown(), [256]);
    await page.locator('[data-chart="timeline"] select').selectOption('16');
    await page.evaluate(() => asyncbench.results[0].views.timeline.runAsync());
    assert.deepEqual(await shown(), [16]);
    // For who does not see the list, too.
    assert.equal(await page.locator('figure:has([data-chart="timeline"]) .chosen').innerText(), 'Concurrent requests: 16');
    assert.match(await page.locator('[data-chart="timeline"]').getAttribute('aria-label'), /Concurrent requests: 16$/);
    assert.match(await page.locator('[data-chart="latency"]').getAttribute('aria-label'), /Concurrent requests: 256$/);
  },

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

  // A strategy that is switched off, by mouse or keyboard, goes from all charts of the result.
  async switches() {
    const { page, trouble } = await open('clean');
    const strategies = (set) =>
      page.evaluate((name) => {
        const rows = asyncbench.results[0].views[name].data(name);
        return [...new Set(rows.map((row) => row.strategy))];
      }, set);
    const buttons = (chart) => page.locator(`figure:has([data-chart="${chart}"]) .legend button`);
    assert.deepEqual(await buttons('throughput').allInnerTexts(), await strategies('throughput'));
    await buttons('throughput').nth(1).click();
    await page.waitForFunction(() => asyncbench.results[0].hidden.size === 1);
    for (const chart of ['throughput', 'latency', 'timeline', 'cpu', 'drift']) {
      assert.deepEqual(await strategies(chart), ['sequential', 'callback', 'coroutine'], chart);
      assert.equal(await buttons(chart).nth(1).getAttribute('aria-pressed'), 'false', chart);
    }
    await buttons('cpu').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => asyncbench.results[0].hidden.size === 0);
    assert.equal((await strategies('throughput')).length, 4);
    for (const button of await buttons('drift').all()) await button.press('Space');
    assert.deepEqual(await strategies('throughput'), []);
    assert.deepEqual(trouble, []);
  },

  // What a tooltip says stands in the table of the chart's data, too.
  async tooltips() {
    const { page } = await open('clean');
    const [cell] = (await resultOf(page)).summary.filter((c) => c.strategy === 'coroutine' && c.concurrency === 256);
    const value = new RegExp(Math.round(cell.metrics.throughput_rps.value).toLocaleString('en-US'));
    await page.locator('[data-chart="throughput"] svg [aria-roledescription="point"]').last().hover();
    const text = await page.locator('#vg-tooltip-element').innerText();
    assert.match(text, /coroutine/);
    assert.match(text, value);

    const figure = page.locator('figure:has([data-chart="throughput"])');
    await figure.locator('.data', { hasText: 'as a table' }).locator('summary').click();
    const tables = figure.locator('.scroll table');
    assert.match(await tables.first().locator('tr').last().innerText(), value);
    // What stands around the medians has tables of its own, and tooltips.
    const result = await resultOf(page);
    const captions = await tables.locator('caption').allInnerTexts();
    assert.deepEqual(captions.map((text) => text.replace('Throughput: ', '')), [
      'what is drawn.',
      'the scalability law fitted to each strategy.',
      'the ideal.',
      'each trial.',
    ]);
    assert.equal(await tables.nth(2).locator('tbody tr').count(), result.scenario.concurrency.length);
    assert.equal(await tables.nth(3).locator('tbody tr').count(), result.trials.length);
    const pointAt = async (chart, row) => {
      await page.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
      const place = await page.evaluate(([name, wanted]) => {
        const paths = document.querySelectorAll(`[data-chart="${name}"] svg .mark-symbol.role-mark path`);
        const is = ({ datum }) => Object.entries(wanted).every(([field, is]) => datum[field] === is);
        const { x, y, width, height } = [...paths].find((path) => is(path.__data__)).getBoundingClientRect();
        return [x + width / 2, y + height / 2];
      }, [chart, row]);
      await page.mouse.move(0, 0);
      await page.mouse.move(...place);
      await page.waitForFunction(() => document.querySelector('#vg-tooltip-element.visible'));
      return page.locator('#vg-tooltip-element').innerText();
    };
    const between = (await rowsOf(page, 'throughput', 'fit')).find((row) => row.strategy === 'sequential' && row.concurrency > 25);
    assert.match(
      await pointAt('throughput', { strategy: 'sequential', concurrency: between.concurrency, value: between.value }),
      /fit of[^]*sequential[^]*requests per second/,
    );
    const cells = await rowsOf(page, 'cpu');
    const offCentre = ({ strategy, concurrency, value }) =>
      Math.abs(value - cells.find((c) => c.strategy === strategy && c.concurrency === concurrency).value);
    const [far] = (await rowsOf(page, 'cpu', 'cpu_trials')).sort((one, other) => offCentre(other) - offCentre(one));
    const trial = await pointAt('cpu', { strategy: far.strategy, concurrency: far.concurrency, block: far.block });
    assert.match(trial, new RegExp(`${far.strategy}[^]*block of the trial[^]*${far.block}[^]*value`));
    for (const button of await figure.locator('.legend button').all()) await button.click();
    const { value: most } = (await rowsOf(page, 'throughput', 'ideal')).find((row) => row.concurrency === 64);
    assert.match(await pointAt('throughput', { concurrency: 64, value: most }), /64[^]*ideal, requests per second/);
    await page.evaluate(() => asyncbench.results[0].hidden.clear());
    await page.evaluate(() => asyncbench.chart.refresh(asyncbench.results[0]));
    // Of a chart at one concurrency the table has that one, and follows the choice.
    const latency = page.locator('figure:has([data-chart="latency"])');
    await latency.locator('.data summary').click();
    const levels = async () => {
      const cells = await latency.locator('.scroll tbody tr td:nth-child(2)').allInnerTexts();
      return [...new Set(cells)];
    };
    assert.deepEqual(await levels(), ['256']);
    await latency.locator('select').selectOption('16');
    await page.waitForFunction(() => document.querySelector('[data-chart="latency"] ~ .data td').textContent === '16');
    assert.deepEqual(await levels(), ['16']);
  },

  // A picture says what it shows: heading, what was chosen, caption, source, a legend of what is drawn, and no colour
  // that only the page knows.
  async saves() {
    const { page, trouble } = await open('clean', { colorScheme: 'dark' });
    const saved = async (button) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const svg = await saved('[aria-label="Save as SVG: Latency by percentile"]');
    assert.equal(svg.name, 'asyncbench-latency.svg');
    const text = svg.bytes.toString();
    for (const word of [
      'Latency by percentile',
      'closed loop for 2s',
      '5 valid trials a cell',
      'Concurrent requests: 256',
      'asyncbench 0.0.0-made-up, 2000-01-01T00:00:00Z',
      'coroutine',
      'service time',
    ]) {
      assert.ok(text.includes(word), word);
    }
    assert.ok(!text.includes('var('));
    await page.locator('figure:has([data-chart="throughput"]) .legend button', { hasText: 'callback' }).click();
    await page.waitForFunction(() => asyncbench.results[0].hidden.has('callback'));
    const fewer = (await saved('[aria-label="Save as SVG: Throughput"]')).bytes.toString();
    assert.ok(fewer.includes('coroutine') && !fewer.includes('>callback<'), 'the legend of what is drawn');
    assert.ok(fewer.includes('intervals of 93.8 % confidence'));

    const png = await saved('[aria-label="Save as PNG: Throughput"]');
    assert.equal(png.name, 'asyncbench-throughput.png');
    const { width, colours } = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      return { width: image.width, colours: [...new Set(new Uint32Array(data.buffer))] };
    }, png.bytes.toString('base64'));
    assert.ok(width > 1600, String(width));
    assert.ok(colours.length > 100, `${colours.length} colours`);
    const series = await page.evaluate(() => {
      const { byValue, lookOf } = asyncbench.theme;
      return ['sequential', 'coroutine'].map((each) => byValue(lookOf(each, asyncbench.results[0]).colour));
    });
    const asPixel = (hex) => (0xff000000 | (parseInt(hex.slice(5), 16) << 16) | (parseInt(hex.slice(3, 5), 16) << 8) | parseInt(hex.slice(1, 3), 16)) >>> 0;
    for (const each of series) assert.ok(colours.includes(asPixel(each)), each);
    assert.deepEqual(trouble, []);
  },

  // On paper: light, nothing cut off, nothing to press, letters as large as a sheet of A4 allows, and what is folded away
  // is opened; afterwards all is as it was.
  async prints() {
    for (const width of [390, 1280, 1920]) {
      // Hears of the end before the page itself does.
      const init = () => addEventListener('afterprint', () => {
        const views = asyncbench.results.flatMap((result) => Object.entries(result.views));
        const sizeOf = ([name]) => [name, Number(document.querySelector(`[data-chart="${name}"] > svg`).getAttribute('width'))];
        window.printed = { sizes: views.map(sizeOf), open: [...document.querySelectorAll('details[open]')].map((each) => each.className) };
      });
      const { context, page, trouble } = await open('clean', { viewport: { width, height: 900 }, init });
      const state = () =>
        page.evaluate(() => ({
          open: [...document.querySelectorAll('details')].map((each) => each.open),
          sizes: [...document.querySelectorAll('.chart > svg')].map((each) => each.getAttribute('width')),
        }));
      const before = await state();
      const pdf = await page.pdf({ format: 'A4', margin: { top: '1cm', right: '1cm', bottom: '1cm', left: '1cm' } });
      assert.equal(pdf.subarray(0, 4).toString(), '%PDF');
      const { sizes, open: opened } = await page.evaluate(() => window.printed);
      assert.ok(sizes.length >= 10, String(sizes));
      // A figure's inside on A4 with these margins; labels are 12 pixels large in a chart that is not shrunk.
      const room = (21 - 2) / 2.54 * 96 - 2 * (16 + 1);
      for (const [chart, size] of sizes) {
        assert.ok(12 * Math.min(1, room / size) > 11.5, `${chart} is ${size} wide at ${width}`);
        assert.ok(size > room / 2, `${chart} is ${size} wide at ${width}`);
      }
      for (const kind of ['how', 'law on-paper', 'on-paper', 'fold']) assert.ok(opened.includes(kind), kind);
      assert.ok(!opened.includes('data'));
      await page.waitForFunction((size) => document.querySelector('.chart > svg').getAttribute('width') === size, before.sizes[0]);
      await page.evaluate(() => Promise.all(Object.values(asyncbench.results[0].views).map((view) => view.runAsync().then(() => null))));
      assert.deepEqual(await state(), before);
      assert.deepEqual(trouble, []);
      await context.close();
    }
    const { page } = await open('clean', { colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.setViewportSize({ width: 700, height: 900 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const look = await page.evaluate(() => ({
      page: getComputedStyle(document.body).backgroundColor,
      wide: document.documentElement.scrollWidth,
      charts: Math.max(...[...document.querySelectorAll('.chart > svg')].map((e) => e.getBoundingClientRect().right)),
    }));
    assert.equal(look.page, 'rgb(255, 255, 255)');
    assert.ok(look.wide <= 700 && look.charts <= 700, JSON.stringify(look));
    for (const selector of ['details.how p', '.law table', '.on-paper table', '.fold table']) {
      assert.ok(await page.locator(selector).first().isVisible(), selector);
    }
    assert.ok(!(await page.locator('.tools').first().isVisible()));
    // The lists are gone; what was chosen from them is not.
    assert.ok(!(await page.locator('select').first().isVisible()));
    for (const chart of ['ratios', 'latency', 'distribution', 'timeline']) {
      const chosen = page.locator(`figure:has([data-chart="${chart}"]) .chosen`);
      assert.ok(await chosen.isVisible(), chart);
      assert.match(await chosen.innerText(), /Concurrent requests: 256/, chart);
    }
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

  // Forty cells of ten trials: all is drawn. How long that takes, scripts/web/drawing-time.mjs measures.
  async large() {
    const { page, trouble } = await open('large');
    const result = await resultOf(page);
    assert.equal(result.summary.length, 40);
    assert.equal(result.trials.length, 400);
    assert.equal(await marks(page, 'throughput', 'point'), 40);
    assert.equal(await page.locator('[data-chart="drift"] svg .mark-symbol.role-mark path').count(), 400);
    assert.equal(await page.locator('[aria-busy]').count(), 0);
    assert.deepEqual(trouble, []);
  },

  // Several results in one page: each with its own charts, ids and data, and an overview.
  async several() {
    const { page, trouble } = await open('several');
    assert.equal(await page.locator('h1').innerText(), 'Two runs');
    const answers = await page.locator('.answer').first().locator('li').allInnerTexts();
    assert.equal(answers.length, 2);
    assert.match(answers[0], /At 256 concurrent requests/);
    const views = await page.evaluate(() => asyncbench.results.map((result) => Object.keys(result.views).length));
    assert.equal(views.length, 2);
    assert.ok(views.every((count) => count >= 8), String(views));
    const second = await page.evaluate(() => asyncbench.results[1].json());
    assert.deepEqual(withoutCompression(JSON.parse(second)), withoutCompression(readJson('single')));
    const ids = await page.locator('[id]').evaluateAll((all) => all.map((element) => element.id).filter(Boolean));
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(trouble, []);
  },

  // Each strategy's source beside its numbers, with its length.
  async code() {
    const { page } = await open('clean');
    const card = page.locator('.strategy', { hasText: 'coroutine' });
    assert.match(await card.innerText(), /At 256: 10,\d+\/s/);
    assert.match(await card.innerText(), /2 lines of code in benches\/strategies\/coroutine.cpp/);
    assert.match(await card.locator('pre').innerText(), /co_await session\.get\(ticket->url\)/);
    assert.match(await page.locator('.strategy').first().innerText(), /This asyncbench has no source of it/);
    // The widest line of the sources, 110 columns, needs no scrolling at 1280.
    const [needed, there] = await card.locator('pre').evaluate((pre) => {
      pre.firstChild.textContent = 'x'.repeat(110);
      return [pre.scrollWidth, pre.clientWidth];
    });
    assert.ok(needed <= there, `${needed} in ${there}`);
    const { page: troubled } = await open('troubled');
    assert.match(await troubled.locator('.strategy').last().innerText(), /A program of its own/);
  },

  // Nothing on the console, no request, no sideways scrolling, in any report at any width and theme.
  async quiet() {
    for (const name of ['clean', 'troubled', 'diagnosed', 'hostile', 'single', 'many', 'several', 'empty']) {
      for (const [width, colorScheme] of [[390, 'light'], [1280, 'dark'], [1920, 'light']]) {
        const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        assert.deepEqual(await textTrouble(page), [], `${name} at ${width}`);
        assert.deepEqual(trouble, [], `${name} at ${width}`);
        await context.close();
      }
    }
  },

  // The page turns dark without being drawn anew, axes and symbols with it.
  async dark() {
    const { page } = await open('clean', { colorScheme: 'light' });
    const look = () =>
      page.evaluate(() => {
        const fill = (selector) => getComputedStyle(document.querySelector(`[data-chart="throughput"] ${selector}`)).fill;
        return {
          page: getComputedStyle(document.body).backgroundColor,
          label: fill('svg .role-axis-label text'),
          symbol: fill('svg [aria-roledescription="point"]'),
        };
      });
    const light = await look();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await look();
    assert.equal(light.page, 'rgb(255, 255, 255)');
    for (const part of Object.keys(light)) assert.notEqual(dark[part], light[part], part);
  },

  async axe() {
    for (const name of ['clean', 'troubled', 'diagnosed', 'hostile', 'several', 'empty']) {
      for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light']]) {
        // The page's policy would keep axe itself out.
        const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
        const { context, page } = await open(name, options);
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        await page.addScriptTag({ path: axePath });
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        const found = violations.map((v) => `${v.id}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`);
        assert.deepEqual(found, [], `${name} at ${width} ${colorScheme}`);
        await context.close();
      }
    }
  },

  // Text from outside stays text: as content, as attribute, in charts and their tooltips.
  async hostile() {
    const { page } = await open('hostile');
    assert.equal(await page.locator('script').count(), 6);
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

  async warnings() {
    const { page } = await open('troubled');
    const notice = page.locator('.notice');
    assert.match(await notice.innerText(), /Not valid: callback at 64/);
    const rows = await page.locator('#run-1-cells ~ .table tr.bad').allInnerTexts();
    assert.equal(rows.length, 1);
    assert.match(rows[0], /callback/);
    assert.doesNotMatch(await page.locator('.answer p').first().innerText(), /callback/);
    const colour = await notice.locator('strong').evaluate((e) => getComputedStyle(e).color);
    assert.equal(colour, 'rgb(179, 38, 30)');
  },

  // At 1280 pixels the table of all numbers has room: names break between their parts, no row is taller than three lines.
  async numbers() {
    const { page } = await open('troubled');
    const table = page.locator('#run-1-cells ~ .table').first();
    for (const row of await table.locator('tbody tr').all()) {
      const { height } = await row.boundingBox();
      assert.ok(height <= 80, `${await row.innerText()} is ${height} pixels high`);
    }
    assert.match(await table.innerText(), /unknown \(1\)[^]*Unknown \(1\): the program did not report it\./);
    assert.match(await table.locator('th[scope="row"]').nth(1).innerHTML(), /^thread-pool:<wbr>threads=32$/);
  },

  async noscript() {
    for (const width of [390, 1280]) {
      const { page } = await open('clean', { viewport: { width, height: 900 }, javaScriptEnabled: false });
      const text = await page.locator('main').innerText();
      assert.match(text, /The charts are drawn by JavaScript\. Where it does not run, tables hold .*JSON alone/s);
      await expectNoEmptyBox(page);
      // Every median of the charts stands in a table, with its interval where it has one.
      const result = readJson('clean');
      const cells = result.summary.length;
      assert.equal(await page.locator('#run-1-cells ~ .table tbody tr').count(), cells);
      for (const [id, rows, columns] of [['throughput', 2 * cells, 8], ['cost', cells, 7], ['loop', cells, 5]]) {
        const table = page.locator(`#run-1-${id} ~ .fold table`);
        assert.ok(await table.isVisible(), id);
        assert.equal(await table.locator('tbody tr').count(), rows, id);
        assert.equal(await table.locator('tbody tr').first().locator('th, td').count(), columns, id);
        assert.match(await table.locator('tbody tr').last().innerText(), /\[[\d.,]+–[\d.,]+\]/, id);
      }
      const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(scroll <= inner, `scrolls sideways: ${scroll}`);
    }
    // With script the same tables are folded away.
    const { page } = await open('clean');
    assert.equal(await page.locator('.unscripted').isVisible(), false);
    for (const table of await page.locator('.fold table').all()) assert.equal(await table.isVisible(), false);
    for (const name of ['gate-failing', 'pitfalls-clean', 'empty'].filter(exists)) {
      await expectNoEmptyBox((await open(name, { javaScriptEnabled: false })).page);
    }
  },

  // Where charts cannot be drawn, each place says so and why, and the tables are there.
  async undrawn() {
    const old = () => delete window.DecompressionStream;
    for (const name of ['clean', 'troubled', 'pitfalls-clean', 'gate-failing'].filter(exists)) {
      const { page } = await open(name, { init: old });
      const places = await page.locator('[data-chart]').all();
      assert.ok(places.length > 0);
      for (const place of places) {
        assert.match(await place.innerText(), /^This chart could not be drawn: .*DecompressionStream.*The tables of the page hold its numbers\.$/);
        assert.equal(await place.getAttribute('aria-busy'), null);
      }
      for (const details of await page.locator('.fold').all()) assert.ok(await details.evaluate((each) => each.open));
      assert.ok(await page.locator('.unscripted').isVisible());
      assert.equal(await page.locator('button.download').isVisible(), false);
    }
    // One that fails is no reason for the others to.
    if (!exists('clean')) return;
    const { page } = await open('clean', { init: () => addEventListener('DOMContentLoaded', () => {
      const { draw } = asyncbench.chart;
      asyncbench.chart.draw = (result, place, chosen) => (place.dataset.chart === 'latency' ? Promise.reject(new Error('no ink')) : draw(result, place, chosen));
    }) });
    assert.match(await page.locator('[data-chart="latency"]').innerText(), /could not be drawn: no ink/);
    assert.equal(await page.locator('[data-chart="throughput"] svg').count(), 1);
    // A host that lets no script run, and a browser that cannot read it, leave the page as it is without script.
    const { page: strict } = await open('clean', { replace: [/script-src [^;]*;/, "script-src 'none';"] });
    await expectNoEmptyBox(strict);
    assert.ok(await strict.locator('#run-1-cost ~ .fold table').isVisible());
    const { page: ancient } = await open('clean', { replace: ['class Result extends', 'klass Result extends'] , bypassCSP: true });
    assert.equal(await ancient.locator('#run-1-cost ~ .fold table').isVisible(), true);
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
      // The page's policy would keep axe itself out.
      const { context, page } = await open(name, { viewport: { width, height: 900 }, bypassCSP: true, colorScheme });
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      await page.addScriptTag({ path: axePath });
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target)]), [], `${name} ${colorScheme}`);
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
    for (const word of ['Wrong, right, bridged', '5 trials of each cell', 'A mistake called block-it']) {
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

  // The page of a gate: no trouble, no sideways scrolling, accessible, in every state; what it draws is what was found.
  async gate() {
    for (const name of ['passing', 'failing', 'disturbed', 'files', 'failed', 'hostile'].map((state) => `gate-${state}`)) {
      for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light']]) {
        // The page's policy would keep axe itself out.
        const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
        const { context, page, trouble } = await open(name, options);
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        assert.equal(await page.evaluate(() => window.hostile), undefined);
        assert.equal(await page.locator('script').count(), 5);
        assert.equal(await page.locator('img, [onerror]').count(), 0);
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        await page.addScriptTag({ path: axePath });
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        const found = violations.map((v) => `${v.id}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`);
        assert.deepEqual(found, [], `${name} at ${width} ${colorScheme}`);
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
    const rules = page.locator('[data-chart="ratios"] svg .mark-rule.role-mark line');
    assert.equal(await rules.count(), 2 * lines.length + limits.length);
    const names = page.locator('[data-chart="ratios"] svg .mark-text.role-mark text');
    const boxesOf = async (marks) => Promise.all((await marks.all()).map((mark) => mark.boundingBox()));
    const [drawnNames, drawnRules] = [await boxesOf(names), await boxesOf(rules)];
    assert.equal(drawnNames.length, lines.length);
    for (const name of drawnNames) {
      const through = drawnRules.filter((rule) => rule.y < name.y + name.height - 3 && rule.y + rule.height > name.y + 3);
      assert.deepEqual(through.filter(({ x }) => x > name.x && x < name.x + name.width), []);
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
    const { page: phone } = await open('gate-failing', { viewport: { width: 390, height: 900 } });
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

  // Both as compact text as the page was given it; test_html_report.cpp reads what was saved.
  async download() {
    for (const name of ['clean', 'troubled']) {
      const { page } = await open(name);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('button.download').click()]);
      assert.equal(download.suggestedFilename(), 'asyncbench-result.json');
      await download.saveAs(join(directory, `${name}-downloaded.json`));
      assert.deepEqual(withoutCompression(JSON.parse(readFileSync(await download.path(), 'utf8'))), withoutCompression(readJson(name)));
    }
  },
};

// A result whose histograms are what they hold, not how that is compressed.
function withoutCompression(value) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.hdr === 'string') {
    const bytes = Buffer.from(value.hdr, 'base64');
    return { hdr: [bytes.readUInt32BE(0), bytes.readUInt32BE(4) === bytes.length - 8, inflateSync(bytes.subarray(8)).toString('hex')] };
  }
  if (Array.isArray(value)) return value.map(withoutCompression);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutCompression(each)]));
}

function readJson(name) {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
}

try {
  await checks[check]();
} finally {
  await browser.close();
}
