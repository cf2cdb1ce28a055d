// Series' colours that are as hard to mix up as can be had: node search-palette.mjs BACKGROUND TEXT [KEPT...]
// Prints the set whose two closest colours, to eyes of any vision, are the furthest apart, the best first four first.
// Found by exchanging one colour at a time, from many beginnings: the best that it meets, which need not be the best there
// is; the same on every run. KEPT are colours that the set has to hold.
import { ciede2000, closest, contrast, labSeenBy, visions } from '../../tests/reports/browser/colour_difference.mjs';

const [background = '#ffffff', text = '#1b1f24', ...kept] = process.argv.slice(2);
const count = 8;
const leastContrast = 3; // WCAG 2.2, 1.4.11
const step = 17;
const chromas = [28, 72]; // paler ones have no name to the reader, louder ones shout
const fromText = 22; // what is drawn in the colour of text is no series

let seed = 1;
const random = () => {
  seed = (seed * 48271) % 2147483647; // Park and Miller's minimal standard
  return seed / 2147483647;
};

const channel = (value) => value.toString(16).padStart(2, '0');
const candidates = [];
for (let r = 0; r < 256; r += step) {
  for (let g = 0; g < 256; g += step) {
    for (let b = 0; b < 256; b += step) {
      const hex = `#${channel(r)}${channel(g)}${channel(b)}`;
      const [, a, y] = labSeenBy('normal', hex);
      const chroma = Math.hypot(a, y);
      const isNamed = chroma >= chromas[0] && chroma <= chromas[1] && closest([hex, text]).difference >= fromText;
      if (isNamed && contrast(hex, background) >= leastContrast) candidates.push(hex);
    }
  }
}
candidates.unshift(...kept);
const labs = visions.map((vision) => candidates.map((hex) => labSeenBy(vision, hex)));
const known = new Map();
const difference = (i, j) => {
  const key = i < j ? i * candidates.length + j : j * candidates.length + i;
  if (!known.has(key)) known.set(key, Math.min(...labs.map((each) => ciede2000(each[i], each[j]))));
  return known.get(key);
};
const leastTo = (others, i) => others.reduce((least, j) => Math.min(least, difference(i, j)), Infinity);
const leastOf = (set) => Math.min(...set.map((i, at) => leastTo(set.slice(0, at), i)));

const improve = (set) => {
  for (let better = true; better; ) {
    better = false;
    for (let at = kept.length; at < set.length; ++at) {
      const others = set.toSpliced(at, 1);
      const now = leastTo(others, set[at]);
      let best = set[at];
      let most = now;
      for (let i = 0; i < candidates.length; ++i) {
        const there = leastTo(others, i);
        if (there > most) [best, most] = [i, there];
      }
      if (best !== set[at]) [set[at], better] = [best, true];
    }
  }
  return set;
};

let palette = [];
let least = 0;
for (let beginning = 0; beginning < 150; ++beginning) {
  const anyColour = (_, at) => (at < kept.length ? at : Math.floor(random() * candidates.length));
  const set = improve(Array.from({ length: count }, anyColour));
  if (leastOf(set) > least) [palette, least] = [set, leastOf(set)];
}

// Most pages have four series: those four furthest apart come first.
const choose = (from, size) =>
  size === 0 ? [[]] : from.flatMap((each, at) => choose(from.slice(at + 1), size - 1).map((rest) => [each, ...rest]));
const first = choose(palette, 4).reduce((best, four) => (leastOf(four) > leastOf(best) ? four : best));
const ordered = [...first, ...palette.filter((each) => !first.includes(each))].map((i) => candidates[i]);
console.log(ordered.join(' '));
console.log(`all: ${JSON.stringify(closest(ordered))}`);
console.log(`first four: ${JSON.stringify(closest(ordered.slice(0, 4)))}`);
