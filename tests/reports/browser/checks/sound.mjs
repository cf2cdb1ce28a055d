// What holds of every report, whatever it shows.
import assert from 'node:assert/strict';

import { axeFinds } from '../browser.mjs';
import { open, textTrouble } from './support.mjs';

export default {
  // Nothing on the console, no request, no sideways scrolling, nothing that axe finds, in any report at any width and
  // theme.
  async sound() {
    const looks = [[390, 'dark'], [1280, 'light']];
    const ofEach = ['clean', 'troubled', 'findings', 'diagnosed', 'hostile', 'single', 'many', 'several', 'empty', 'load'].flatMap((name) => looks.map((look) => [name, ...look]));
    for (const [name, width, colorScheme] of [...ofEach, ['load-search', 1280, 'dark'], ['load-hostile', 390, 'light'], ['clean', 1920, 'dark'], ['many', 1920, 'light']]) {
      const { context, page, trouble } = await open(name, { viewport: { width, height: 900 }, colorScheme });
      const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(scroll <= inner, `${name} scrolls sideways at ${width}: ${scroll}`);
      assert.deepEqual(await textTrouble(page), [], `${name} at ${width}`);
      assert.deepEqual(trouble, [], `${name} at ${width}`);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      assert.deepEqual(await axeFinds(page), [], `${name} at ${width} ${colorScheme}`);
      await context.close();
    }
  },
};
