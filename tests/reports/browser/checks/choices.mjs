// What a reader does with a chart: choose, switch, ask for a value, save it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { directory, open, readJson, resultOf, rowsOf, asOnThePage } from './support.mjs';

export default {
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

    // It goes by Escape, and with what it told of.
    const tip = page.locator('#vg-tooltip-element');
    await page.keyboard.press('Escape');
    assert.ok(!(await tip.isVisible()));
    await page.locator('[data-chart="latency"]').scrollIntoViewIfNeeded();
    await page.locator('[data-chart="latency"] select').focus();
    await page.locator('[data-chart="latency"] svg .mark-symbol.role-mark path').first().hover();
    assert.ok(await tip.isVisible());
    await page.keyboard.press('ArrowUp');
    await page.evaluate(() => asyncbench.results[0].views.latency.runAsync().then(() => null));
    assert.notEqual(await page.locator('[data-chart="latency"] select').inputValue(), '256');
    assert.ok(!(await tip.isVisible()));
    await page.locator('[data-chart="latency"] select').selectOption('256');
    await page.evaluate(() => asyncbench.results[0].views.latency.runAsync().then(() => null));

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
    await latency.locator('.scroll tbody td').first().waitFor();
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
      '5 trials a cell',
      'Concurrent requests: 256',
      'asyncbench 0.0.0-made-up, 2000-01-01T00:00:00Z',
      'coroutine',
      'Service time in milliseconds',
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

  // All as compact text as the page was given it; test_html_report.cpp reads what was saved.
  async download() {
    for (const name of ['clean', 'troubled', 'load']) {
      const { page } = await open(name);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('button.download').click()]);
      assert.equal(download.suggestedFilename(), 'asyncbench-result.json');
      await download.saveAs(join(directory, `${name}-downloaded.json`));
      assert.deepEqual(asOnThePage(JSON.parse(readFileSync(await download.path(), 'utf8'))), asOnThePage(readJson(name)));
    }
  },
};
