// What the charts hold and draw.
import assert from 'node:assert/strict';

import { expectMetric, expectTrials, marks, near, open, readJson, resultOf, rowsOf, asOnThePage } from './support.mjs';

export default {
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
    assert.match((await page.locator('.not-drawn').allInnerTexts()).join(' '), /Not drawn: .*Instructions per request.*, because this kernel refuses performance counters/);
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
    // A line for each strategy at the concurrency chosen, through all its points.
    for (const chart of ['latency', 'distribution']) {
      const lines = await page.evaluate((name) => {
        const paths = document.querySelectorAll(`[data-chart="${name}"] svg .mark-line.role-mark path`);
        return [...paths].map((path) => path.__data__.mark.items.map((item) => item.datum));
      }, chart);
      assert.equal(lines.length, result.scenario.strategies.length, chart); // of a closed loop
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

  // However alike strategies are, ticks of the axis differ in their words, and what is told of a pair differs from 1.
  async alike() {
    const { page, trouble } = await open('clean');
    const choose = (label) => page.locator('[data-chart="ratios"] select').nth(3).selectOption({ label });
    await choose('all ratios');
    for (const power of [1, 0.1, 0.01, 0.001, 0.0003]) {
      await page.evaluate(async (to) => {
        const [result] = asyncbench.results;
        result.kept ??= structuredClone(result.datasets);
        const nearer = (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, ['value', 'low', 'high', 'measured'].includes(key) ? value ** to : value]));
        for (const set of ['ratios', 'measured']) result.datasets[set] = result.kept[set].map(nearer);
        await asyncbench.chart.refresh(result);
      }, power);
      const labels = (await page.locator('[data-chart="ratios"] svg .role-axis-label text').allTextContents()).filter((text) => text.endsWith('×'));
      assert.ok(labels.length >= 3, String(labels));
      assert.equal(new Set(labels).size, labels.length, String(labels));
    }
    const figure = page.locator('figure:has([data-chart="ratios"])');
    await figure.locator('.data summary').click();
    const rows = figure.locator('.scroll table').nth(1).locator('tbody tr');
    await rows.last().waitFor();
    const pairs = await rows.allInnerTexts();
    assert.ok(pairs.some((text) => /\b(0\.999|1\.000)\d\d/.test(text)), String(pairs));
    assert.deepEqual(trouble, []);
  },

  // A chart opens with what its run ranks by.
  async opens() {
    const { page } = await open('open-loop');
    assert.match(await page.locator('figure:has([data-chart="ratios"]) .chosen').innerText(), /Measure: .*response.*99.*, lower is better/i);
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
    // What is not below all that is drawn stands in its place, not at the edge below it.
    const { page: noisy } = await open('outlier');
    const rows = await noisy.evaluate(() => ['share', 'share_trials'].map((set) => asyncbench.results[0].datasets[set]));
    const [near, far] = [true, false].map((is) => rows.map((each) => each.filter((row) => row.near === is)));
    const lowest = Math.min(...near[0].map(({ low }) => low), ...near[1].map(({ value }) => value));
    assert.ok(lowest < 60, `the trial far off is drawn: ${lowest}`);
    assert.ok(far[0].length > 0 && far[0].every(({ value }) => value < lowest), JSON.stringify(far[0]));
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
    const table = page.locator('table', { hasText: 'coherency' }).last();
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

  // A load: each second of the trial that is chosen, each step of a search, and nothing where nothing failed.
  async load() {
    const { page, trouble } = await open('load');
    const [{ load, metrics }] = (await resultOf(page)).trials;
    const of = (rows, series) => rows.filter(({ strategy }) => strategy === series);
    const answered = of(await rowsOf(page, 'rate'), 'answered');
    assert.equal(answered.length, load.seconds.length);
    answered.forEach(({ value, second }, i) => {
      const span = Math.min(1, metrics.elapsed_ns / 1e9 - i);
      near(value, load.seconds[i].answered / span, `the rate of second ${i}`);
      near(second, i + span / 2, `the middle of second ${i}`);
    });
    // A second without an answer has no latency.
    for (const [series, key] of [['p50', 'p50_ns'], ['p90', 'p90_ns'], ['p99', 'p99_ns'], ['max', 'max_ns']]) {
      const drawn = of(await rowsOf(page, 'times'), series).map(({ milliseconds }) => milliseconds * 1e6);
      assert.deepEqual(drawn.map(Math.round), load.seconds.slice(1).map((second) => second[key]));
    }
    const lines = page.locator('[data-chart="times"] svg .mark-line.role-mark path');
    assert.equal(await lines.count(), 4);
    const buttons = page.locator('figure:has([data-chart="times"]) .legend button');
    assert.deepEqual(await buttons.allInnerTexts(), ['p50', 'p90', 'p99', 'max']);
    await buttons.nth(3).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-chart="times"] svg .mark-line.role-mark path').length === 3);
    assert.equal(await page.locator('figure:has([data-chart="times"]) select').count(), 0);
    assert.ok((await rowsOf(page, 'errors')).some(({ value }) => value === 5));
    assert.match(await page.locator('.answer').innerText(), /Served 100\/s, 2\.49 % of the requests failed\.[^]*p99<20ms \([^]*\) is broken\.[^]*Limited/);
    const { page: plain } = await open('load', { javaScriptEnabled: false });
    assert.match(await plain.locator('main').innerText(), /30 × connect: Connection refused[^]*The generator did not keep its schedule/);

    const { page: found, trouble: more } = await open('load-search');
    assert.equal(await found.locator('[data-chart="errors"]').count(), 0);
    const { search } = await resultOf(found);
    const symbols = await found.evaluate(() =>
      [...document.querySelectorAll('[data-chart="search"] svg .mark-symbol.role-mark path')].map((path) => {
        const view = asyncbench.results[0].views.search;
        const { trial, rate } = path.__data__.datum;
        const at = /translate\(([-\d.]+),([-\d.]+)\)/.exec(path.getAttribute('transform')).slice(1).map(Number);
        return { rate, at, right: [view.scale('x')(trial), view.scale('y')(rate)] };
      }),
    );
    assert.deepEqual(symbols.map(({ rate }) => rate), search.steps.map((step) => step.rate_rps));
    for (const { at, right } of symbols) {
      assert.ok(Math.abs(at[0] - right[0]) < 0.6 && Math.abs(at[1] - right[1]) < 0.6, `${at}, not ${right}`);
    }
    const list = found.locator('figure:has([data-chart="rate"]) select');
    assert.deepEqual(await list.locator('option').allInnerTexts(), ['1', '2', '3']);
    await list.selectOption('2');
    assert.equal(await found.locator('figure:has([data-chart="rate"]) .chosen').innerText(), 'Trial: 2');
    const { page: hostile } = await open('load-hostile');
    assert.equal(await hostile.evaluate(() => window.hostile), undefined);
    assert.equal(await hostile.locator('img, [onerror]').count(), 0);
    assert.deepEqual([...trouble, ...more], []);
  },

  // Several results in one page: each with its own charts, ids and data, and an overview.
  async several() {
    const { page, trouble } = await open('several');
    assert.equal(await page.locator('h1').innerText(), 'Two runs');
    const answers = await page.locator('.answer').first().locator('li').allInnerTexts();
    assert.equal(answers.length, 2);
    assert.match(answers[0], /at 256 concurrent requests/);
    const views = await page.evaluate(() => asyncbench.results.map((result) => Object.keys(result.views).length));
    assert.equal(views.length, 2);
    assert.ok(views.every((count) => count >= 8), String(views));
    const second = await page.evaluate(() => asyncbench.results[1].json());
    assert.deepEqual(asOnThePage(JSON.parse(second)), asOnThePage(readJson('single')));
    const ids = await page.locator('[id]').evaluateAll((all) => all.map((element) => element.id).filter(Boolean));
    assert.equal(new Set(ids).size, ids.length);
    // A result's own headings are below its title, and what belongs to it has a name of its own.
    const levels = await page.locator('article :is(h1, h2, h3, h4)').evaluateAll((all) => all.map((each) => each.tagName));
    assert.equal(levels.filter((level) => level === 'H2').length, 2);
    assert.ok(levels.includes('H3') && levels.includes('H4') && !levels.includes('H1'), String(levels));
    for (const selector of ['.tools button', '.legend[aria-label]', 'button.download', '[data-chart]']) {
      const names = await page.locator(selector).evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
      assert.ok(names.length > 1, selector);
      assert.equal(new Set(names).size, names.length, names.join('\n'));
    }
    assert.deepEqual(trouble, []);
  },
};
