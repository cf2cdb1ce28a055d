// check_colours.mjs: the colours of series and verdicts are told apart by eyes of every kind, and seen on their page.
// Fails by an exception.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { ciede2000, closest, contrast, labSeenBy } from './colour_difference.mjs';

// What the colours have, rounded down: a change may not be worse. A CIEDE2000 of about 2 is seen where two colours touch;
// a symbol and its name in the legend stand far apart. Of eight colours search-palette.mjs found, within its limits of
// chroma and of distance from the text, at most 15.1 on the light page and 15.8 on the dark; near-black and near-white
// ones, which small symbols do not show as colours, would come to 21.
const least = { series: 15, firstFour: 15.8, verdicts: 17, lightness: 5 };

// Pairs of the test data that the formula was published with: Sharma, Wu and Dalal (2005), table 1.
for (const [one, other, difference] of [
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, 2.5, 0], [73, 25, -18], 27.1492],
  [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
]) {
  assert.ok(Math.abs(ciede2000(one, other) - difference) < 1e-4, `CIEDE2000 of ${one} and ${other}`);
}

const css = readFileSync(new URL('../../../reports/html/colours.css', import.meta.url), 'utf8');
const [light, dark] = css.split('@media screen').map((part) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])),
);
const starting = (theme, beginning) => Object.keys(theme).filter((name) => name.startsWith(beginning));

for (const [name, theme] of Object.entries({ light, dark })) {
  const series = starting(theme, 'series-').map((each) => theme[each]);
  const verdicts = starting(theme, 'verdict-').map((each) => theme[each]);
  assert.ok(series.length >= 8 && verdicts.length === 3, name);
  const apart = (what, colours) => {
    const found = closest(colours);
    assert.ok(found.difference >= least[what], `${name}, ${what}: ${JSON.stringify(found)}`);
  };
  apart('series', series);
  apart('firstFour', series.slice(0, 4));
  apart('verdicts', verdicts);
  const lightness = verdicts.map((each) => labSeenBy('normal', each)[0]).sort((a, b) => a - b);
  const steps = lightness.slice(1).map((each, i) => each - lightness[i]);
  assert.ok(Math.min(...steps) >= least.lightness, `${name}: the verdicts' lightness ${lightness}`);
  // WCAG 2.2, 1.4.11: what has a meaning has a contrast of 3:1.
  for (const each of [...series, ...verdicts]) assert.ok(contrast(each, theme.page) >= 3, `${name}: ${each} on the page`);
}
