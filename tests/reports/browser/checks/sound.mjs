// What holds of every report, whatever it shows.
import assert from 'node:assert/strict';

import { axeFinds } from '../browser.mjs';
import { open, textTrouble } from './support.mjs';

export default {
  // Nothing on the console, no request, no sideways scrolling, no text over another, in any report at any width and
  // theme. Nothing that axe finds, either: it takes longer than all else, so that it looks at each report once, at the
  // narrow dark ones and the wide light ones in turns.
  async sound() {
    const narrow = [390, 'dark'];
    const wide = [1280, 'light'];
    const reports = ['clean', 'troubled', 'findings', 'diagnosed', 'hostile', 'single', 'many', 'several', 'empty', 'load'];
    const looks = reports.flatMap((name, i) => [narrow, wide].map((look, j) => [name, ...look, i % 2 === j]));
    looks.push(['load-search', 1280, 'dark', true], ['load-hostile', 390, 'light', true]);
    looks.push(['clean', 1920, 'dark', false], ['many', 1920, 'light', false]);
    for (const [name, width, colorScheme, withAxe] of looks) {
      const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
      const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
      assert.deepEqual(await textTrouble(page), [], `${name} at ${width}`);
      assert.deepEqual(trouble, [], `${name} at ${width}`);
      if (withAxe) {
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        assert.deepEqual(await axeFinds(page), [], `${name} at ${width} ${colorScheme}`);
      }
      await context.close();
    }
  },
};
