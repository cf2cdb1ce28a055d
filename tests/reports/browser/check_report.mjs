// check_report.mjs CHECK DIRECTORY: one check of the reports in a directory, in a real browser. Fails by an exception.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { axePath, launch, openReport } from './browser.mjs';

const [check, directory] = process.argv.slice(2);
const browser = await launch();
const open = (name, options) => openReport(browser, join(directory, `${name}.html`), options);
const near = (actual, expected, what) =>
  assert.ok(Math.abs(actual - expected) <= 1e-4 * Math.abs(expected) + 1e-9, `${what}: ${actual}, not ${expected}`);

// The rows of a dataset as the chart's view holds them.
const rowsOf = (page, chart, set = chart) =>
  page.evaluate(([c, s]) => window.asyncbenchCharts[c].data(s).map((row) => ({ ...row })), [chart, set]);

const resultOf = async (page) => JSON.parse(await page.evaluate(() => window.asyncbenchResult()));

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

const marks = (page, chart, kind) =>
  page.locator(`[data-chart="${chart}"] svg [aria-roledescription="${kind}"]`).count();

const checks = {
  // Every chart holds the result's numbers, and draws a mark for each.
  async draws() {
    const { page } = await open('clean');
    const points = await expectMetric(page, 'throughput', 'throughput_rps', 1);
    assert.equal(await marks(page, 'throughput', 'point'), points.length);
    const positions = await page.evaluate(() => {
      const view = window.asyncbenchCharts.throughput;
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
    const cpu = await expectMetric(page, 'cpu', 'cpu_us_per_request', 1);
    assert.equal(await marks(page, 'cpu', 'bar'), cpu.length);
    const memory = await expectMetric(page, 'memory', 'peak_rss_bytes', 1e6);
    assert.equal(await marks(page, 'memory', 'bar'), memory.length);

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
    // A line for each strategy and kind of time, at the concurrency chosen, through all its percentiles.
    const lines = await page.evaluate(() => {
      const paths = document.querySelectorAll('[data-chart="latency"] svg .mark-line.role-mark path');
      return [...paths].map((path) => path.__data__.mark.items.map((item) => item.datum));
    });
    assert.equal(lines.length, 2 * result.scenario.strategies.length);
    const percentiles = (await rowsOf(page, 'latency')).filter((row) => row.concurrency === 256);
    assert.deepEqual(lines.flat().map((row) => row.concurrency), percentiles.map(() => 256));
  },

  // With one concurrency there is nothing to draw a line over, and nothing to choose.
  async single() {
    const { page, trouble } = await open('single');
    const rows = await expectMetric(page, 'throughput', 'throughput_rps', 1);
    assert.equal(await marks(page, 'throughput', 'bar'), rows.length);
    assert.equal(await page.locator('select').count(), 0);
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
    await page.evaluate(() => window.asyncbenchCharts.timeline.runAsync());
    assert.deepEqual(await shown(), [16]);
  },

  async tooltips() {
    const { page } = await open('clean');
    await page.locator('[data-chart="throughput"] svg [aria-roledescription="point"]').last().hover();
    const text = await page.locator('#vg-tooltip-element').innerText();
    const [cell] = (await resultOf(page)).summary.filter((c) => c.strategy === 'coroutine' && c.concurrency === 256);
    assert.match(text, /coroutine/);
    assert.match(text, new RegExp(Math.round(cell.metrics.throughput_rps.value).toLocaleString('en-US')));
  },

  // Nothing on the console, no request, no sideways scrolling, in any report at any width and theme.
  async quiet() {
    for (const name of ['clean', 'troubled', 'hostile', 'single', 'empty']) {
      for (const [width, colorScheme] of [[390, 'light'], [1280, 'dark'], [1920, 'light']]) {
        const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        for (const box of await page.locator('[data-chart] svg').all()) {
          const { x, width: drawn } = (await box.boundingBox()) ?? { x: 0, width: 0 };
          assert.ok(x >= 0 && x + drawn <= width, `${name}: a chart is cut off at ${width}`);
        }
        assert.deepEqual(trouble, [], `${name} at ${width}`);
        await context.close();
      }
    }
  },

  async dark() {
    const { page } = await open('clean', { colorScheme: 'light' });
    const look = () =>
      page.evaluate(() => ({
        page: getComputedStyle(document.body).backgroundColor,
        label: document.querySelector('[data-chart="throughput"] svg .role-legend-label text').getAttribute('fill'),
      }));
    const light = await look();
    await page.emulateMedia({ colorScheme: 'dark' });
    // The page is told of it some time later, and while a chart is drawn anew it has no labels.
    await page.waitForFunction((before) => {
      const label = document.querySelector('[data-chart="throughput"] svg .role-legend-label text');
      return label !== null && label.getAttribute('fill') !== before;
    }, light.label);
    await page.evaluate(() => window.asyncbenchReady);
    const dark = await look();
    assert.equal(light.page, 'rgb(255, 255, 255)');
    assert.notEqual(dark.page, light.page);
    assert.notEqual(dark.label, light.label);
  },

  async axe() {
    for (const name of ['clean', 'troubled', 'hostile', 'empty']) {
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
    await page.locator('[data-chart="cpu"] svg [aria-roledescription="bar"]').nth(1).hover();
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
    const rows = await page.locator('.wide').first().locator('tr.bad').allInnerTexts();
    assert.equal(rows.length, 1);
    assert.match(rows[0], /callback/);
    assert.doesNotMatch(await page.locator('.answer p').first().innerText(), /callback/);
    const colour = await notice.locator('strong').evaluate((e) => getComputedStyle(e).color);
    assert.equal(colour, 'rgb(179, 38, 30)');
  },

  async noscript() {
    const { page } = await open('clean', { javaScriptEnabled: false });
    const text = await page.locator('main').innerText();
    assert.match(text, /The charts need JavaScript/);
    const result = readJson('clean');
    assert.equal(await page.locator('table').first().locator('tbody tr').count(), result.summary.length);
  },

  // The page of the pitfalls: no script, no trouble, no sideways scrolling of the page, accessible; the ways stand side
  // by side where there is room, and below each other where there is none.
  async pitfalls() {
    for (const name of ['pitfalls-clean', 'pitfalls-troubled', 'pitfalls-hostile', 'pitfalls-empty']) {
      for (const [width, colorScheme] of [[390, 'light'], [1280, 'dark'], [1920, 'light']]) {
        const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
        assert.equal(await page.evaluate(() => window.hostile), undefined);
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
      await context.close();
    }
    for (const colorScheme of ['light', 'dark']) {
      // The page's policy would keep axe itself out.
      const { context, page } = await open('pitfalls-clean', { bypassCSP: true, colorScheme });
      await page.addScriptTag({ path: axePath });
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target)]), [], colorScheme);
      await context.close();
    }
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
        assert.equal(await page.locator('script').count(), 6);
        assert.equal(await page.locator('img, [onerror]').count(), 0);
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
        const view = window.asyncbenchCharts.ratios;
        const { ratio, place } = path.__data__.datum;
        const at = /translate\(([-\d.]+),([-\d.]+)\)/.exec(path.getAttribute('transform')).slice(1).map(Number);
        return { ratio, at, right: [view.scale('x')(ratio), view.scale('y')(place)] };
      }),
    );
    assert.deepEqual(drawn.map(({ ratio }) => ratio), lines.flatMap(({ ratios }) => ratios));
    for (const { at, right } of drawn) {
      assert.ok(Math.abs(at[0] - right[0]) < 0.6 && Math.abs(at[1] - right[1]) < 0.6, `${at}, not ${right}`);
    }
    // The line at 1, the medians and the limits.
    const limits = await rowsOf(page, 'ratios', 'limits');
    const rules = await page.locator('[data-chart="ratios"] svg .mark-rule.role-mark line').count();
    assert.equal(rules, 1 + lines.length + limits.length);
    // A time fails above 1, a rate below it.
    const fails = limits.filter(({ kind }) => kind === 'fails');
    near(fails[0].value, 1.05, 'the limit of a time');
    near(fails[1].value, 1 / 1.05, 'the limit of a rate');
    assert.deepEqual((await rowsOf(page, 'drift')).map(({ value }) => value), control.drift);
    const plain = await open('gate-failing', { javaScriptEnabled: false });
    assert.match(await plain.page.locator('main').innerText(), /a fresh batch confirms it: 20 %/);
  },

  async download() {
    const { page } = await open('clean');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
    assert.equal(download.suggestedFilename(), 'asyncbench-result.json');
    assert.deepEqual(JSON.parse(readFileSync(await download.path(), 'utf8')), readJson('clean'));
  },
};

function readJson(name) {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
}

try {
  await checks[check]();
} finally {
  await browser.close();
}
