// What the checks share: the browser, the reports of the directory, and what is asked of several of them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { launch, openReport } from '../browser.mjs';

export const directory = process.argv[2];
export const browser = await launch();
export const open = (name, options) => openReport(browser, join(directory, `${name}.html`), options);
export const exists = (name) => existsSync(join(directory, `${name}.html`));

// Text of charts that is cut off by its drawing's edge, or that lies on other text.
export const textTrouble = (page) =>
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
export const expectNoEmptyBox = async (page) => {
  assert.equal(await page.locator('.chart:visible, [aria-busy]:visible').count(), 0);
  for (const figure of await page.locator('figure:visible').all()) assert.notEqual((await figure.innerText()).trim(), '');
  for (const section of await page.locator('section:visible').all()) {
    const { height } = await section.boundingBox();
    assert.ok((await section.innerText()).length > height / 20, await section.locator('h2').first().innerText());
  }
};

export const near = (actual, expected, what) =>
  assert.ok(Math.abs(actual - expected) <= 1e-4 * Math.abs(expected) + 1e-9, `${what}: ${actual}, not ${expected}`);

// The rows of a dataset as the chart's view holds them.
export const rowsOf = (page, chart, set = chart) =>
  page.evaluate(([c, s]) => asyncbench.results[0].views[c].data(s).map((row) => ({ ...row })), [chart, set]);

export const resultOf = async (page) => JSON.parse(await page.evaluate(() => asyncbench.results[0].json()));

const metricRows = (result, metric) =>
  result.summary
    .filter((cell) => cell.metrics[metric])
    .map((cell) => ({ ...cell.metrics[metric], strategy: cell.strategy, concurrency: cell.concurrency }));

export const expectMetric = async (page, chart, metric, scale) => {
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
export const expectTrials = async (page, chart, metric, scale) => {
  const rows = await rowsOf(page, chart, `${chart}_trials`);
  const { trials } = await resultOf(page);
  const known = trials.filter((trial) => typeof trial.metrics[metric] === 'number');
  const values = known.map((trial) => trial.metrics[metric] / scale);
  assert.equal(rows.length, values.length, chart);
  const ascending = (list) => list.sort((a, b) => a - b);
  const drawn = ascending(rows.map((row) => row.value));
  ascending(values).forEach((value, index) => near(drawn[index], value, `${chart}: a trial`));
};

export const marks = (page, chart, kind) =>
  page.locator(`[data-chart="${chart}"] svg [aria-roledescription="${kind}"]`).count();

// A result as a page holds it: its histograms are what they hold, not how that is compressed, and those that nothing on
// the page is drawn from are left out.
export function asOnThePage(value) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.hdr === 'string') {
    const bytes = Buffer.from(value.hdr, 'base64');
    return { hdr: [bytes.readUInt32BE(0), bytes.readUInt32BE(4) === bytes.length - 8, inflateSync(bytes.subarray(8)).toString('hex')] };
  }
  if (Array.isArray(value)) return value.map(asOnThePage);
  const kept = Object.entries(value).filter(([key, each]) => !(['overhead', 'delay_error'].includes(key) && each?.hdr));
  return Object.fromEntries(kept.map(([key, each]) => [key, asOnThePage(each)]));
}

export function readJson(name) {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
}
