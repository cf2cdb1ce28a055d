// The page around the charts: theme, paper, contents, script or none.
import assert from 'node:assert/strict';

import { browser, exists, expectNoEmptyBox, open, readJson } from './support.mjs';

export default {
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
      for (const kind of ['law on-paper', 'on-paper', 'fold']) assert.ok(opened.includes(kind), kind);
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
    for (const selector of ['.law table', '.on-paper table', '.fold table']) {
      assert.ok(await page.locator(selector).first().isVisible(), selector);
    }
    assert.ok(!(await page.locator('.tools').first().isVisible()));
    for (const contents of await page.locator('.contents').all()) assert.ok(!(await contents.isVisible()));
    // The lists are gone; what was chosen from them is not.
    assert.ok(!(await page.locator('select').first().isVisible()));
    for (const chart of ['ratios', 'latency', 'distribution', 'timeline']) {
      const chosen = page.locator(`figure:has([data-chart="${chart}"]) .chosen`);
      assert.ok(await chosen.isVisible(), chart);
      assert.match(await chosen.innerText(), /Concurrent requests: 256/, chart);
    }
  },

  // Each strategy's source beside its numbers, with its length.
  async code() {
    const { page } = await open('clean');
    const card = page.locator('.strategy', { hasText: 'coroutine' });
    assert.match(await card.innerText(), /A coroutine for each request on one loop\.[^]*At 256: 10,\d+\/s/);
    assert.match(await card.innerText(), /2 lines of code in benches\/strategies\/coroutine.cpp/);
    assert.match(await card.locator('pre').innerText(), /co_await session\.get\(ticket->url\)/);
    assert.match(await page.locator('.strategy').first().innerText(), /One request after another\.[^]*This asyncbench has no source of it/);
    assert.match(await page.locator('.answer .strategies').innerText(), /sequential\s+One request after another\.\s+coroutine\s+A coroutine for/);
    // The widest line of the sources, 110 columns, needs no scrolling at 1280.
    const [needed, there] = await card.locator('pre').evaluate((pre) => {
      pre.firstChild.textContent = 'x'.repeat(110);
      return [pre.scrollWidth, pre.clientWidth];
    });
    assert.ok(needed <= there, `${needed} in ${there}`);
    const { page: troubled } = await open('troubled');
    assert.match(await troubled.locator('.strategy').last().innerText(), /A program of its own/);
  },

  // The list of contents: in reach at every place of the page, by mouse, keyboard and screen reader, with script and
  // without; each link leads to its section, and none ends below what stays at the top.
  async contents() {
    for (const javaScriptEnabled of [true, false]) {
      for (const [name, width] of [['clean', 390], ['clean', 1280], ['clean', 1920], ['several', 390], ['several', 1920]]) {
        const { context, page } = await open(name, { viewport: { width, height: 900 }, javaScriptEnabled });
        const wide = width >= 1472;
        const nav = page.locator('nav:visible');
        assert.equal(await nav.count(), 1, `${name} at ${width}`);
        assert.equal(await nav.getAttribute('aria-label'), 'Contents');
        if (!wide) {
          assert.equal(await nav.locator('a:visible').count(), 0);
          await nav.locator('summary').first().focus();
          await page.keyboard.press('Enter');
        }
        const links = nav.locator('a:visible');
        assert.ok((await links.count()) >= (name === 'clean' ? 10 : 2), `${name} at ${width}`);
        const last = links.last();
        const href = await last.getAttribute('href');
        await last.focus();
        await page.keyboard.press('Enter');
        if (!wide && javaScriptEnabled) assert.equal(await nav.locator('a:visible').count(), 0);
        await page.waitForFunction(() => scrollY > 0);
        const target = await page.locator(href).boundingBox();
        const bar = await nav.boundingBox();
        assert.ok(bar.y >= -1 && bar.y < 100, `out of reach at ${width}: ${bar.y}`);
        if (wide) {
          const main = await page.locator('main').boundingBox();
          assert.ok(bar.x + bar.width <= main.x, 'beside the text');
        } else if (javaScriptEnabled) {
          assert.ok(target.y >= bar.y + bar.height - 2, `${href} ends below the bar: ${target.y}`);
        }
        for (const each of await page.locator('nav a').all()) assert.equal(await page.locator(await each.getAttribute('href')).count(), 1);
        await context.close();
      }
    }
    const { page } = await open('clean', { viewport: { width: 390, height: 900 } });
    await page.locator('.above summary').click();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('nav a:visible').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
    const { page: empty } = await open('empty');
    await expectNoEmptyBox(empty);
  },

  async warnings() {
    const { page } = await open('findings');
    const notices = await page.locator('.notice').allInnerTexts();
    assert.equal(notices.length, 3);
    for (const [index, begin] of [/^Wrong: callback at 64\./, /^Limited: coroutine at 256\./, /^Disturbed: The machine was busy in 3 of 5 blocks: other programs used 1\.2 cores\./].entries()) {
      assert.match(notices[index], begin);
    }
    for (const link of await page.locator('.notice a').all()) assert.equal(await link.getAttribute('href'), '#run-1-warnings');
    const notice = page.locator('.notice').first();
    const colour = await notice.locator('strong').evaluate((e) => getComputedStyle(e).color);
    assert.equal(colour, 'rgb(179, 38, 30)');
  },

  // What has no client for the work is called so, and the others are drawn.
  async unavailable() {
    const { page, trouble } = await open('unavailable');
    const { trials } = readJson('unavailable');
    await page.locator('summary', { hasText: 'Every trial' }).click();
    const rows = page.locator('[aria-label="Every trial"] tbody tr.bad');
    assert.equal(await rows.count(), trials.filter(({ strategy }) => strategy === 'coroutine').length);
    for (const text of await rows.allInnerTexts()) assert.match(text, /^coroutine unavailable\s/);
    assert.match(await page.locator('.reading').innerText(), /In no chart: .*coroutine at 256.* \(not available for this work\)/);
    assert.deepEqual(await page.locator('figure:has([data-chart="throughput"]) .legend button').allInnerTexts(), ['sequential', 'thread-pool:threads=32', 'callback']);
    const drawn = await page.evaluate(() => asyncbench.results[0].datasets.throughput_trials.map(({ strategy }) => strategy));
    assert.equal(drawn.length, trials.length * 3 / 4);
    assert.deepEqual(trouble, []);
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
      for (const [id, rows, columns] of [['latency', cells, 8], ['cost', cells, 7], ['loop', cells, 5]]) {
        const table = page.locator(`#run-1-${id} ~ .fold table`);
        assert.ok(await table.isVisible(), id);
        assert.equal(await table.locator('tbody tr').count(), rows, id);
        assert.equal(await table.locator('tbody tr').first().locator('th, td').count(), columns, id);
        assert.match(await table.locator('tbody tr').last().innerText(), /\[[\d.,]+–[\d.,]+\]/, id);
      }
      const drift = page.locator('details.fold', { hasText: 'Drift over the run' }).locator('table');
      assert.ok(await drift.isVisible());
      assert.equal(await drift.locator('tbody tr').count(), 10);
      // Nothing is said of charts that are not there.
      assert.doesNotMatch(text, /How to read this/);
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
      const { page, trouble } = await open(name, { init: old });
      const places = await page.locator('[data-chart]').all();
      assert.ok(places.length > 0);
      assert.deepEqual(trouble.filter((each) => each.startsWith('exception')), [], name);
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
    const { page } = await open('clean', { init: () => addEventListener('DOMContentLoaded', async () => {
      await asyncbench.canDraw;
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
};
