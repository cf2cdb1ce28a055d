'use strict';

// Names that fit a chart. Strategies' names are often alike but for their ends, where parameters stand, so that what is
// left out is in the middle; two that would read the same have their numbers behind them.
(() => {
  const pen = document.createElement('canvas').getContext('2d');
  const widthOf = (text) => pen.measureText(text).width;

  const cutInTheMiddle = (name, pixels) => {
    if (widthOf(name) <= pixels) return name;
    const letters = [...name];
    for (let kept = letters.length - 1; kept > 2; kept--) {
      const first = Math.floor(kept * 0.4);
      const text = `${letters.slice(0, first).join('')}…${letters.slice(first - kept).join('')}`;
      if (widthOf(text) <= pixels) return text;
    }
    return '…';
  };

  // Each name's short one.
  const make = (names, pixels, font) => {
    pen.font = font;
    const texts = names.map((name) => cutInTheMiddle(name, pixels));
    const isCopy = (text, index) => texts.some((other, at) => at !== index && other === text);
    const numbered = (name, index) => {
      const number = ` (${index + 1})`;
      return cutInTheMiddle(name, pixels - widthOf(number)) + number;
    };
    const shortOf = (name, index) => (isCopy(texts[index], index) ? numbered(name, index) : texts[index]);
    return Object.fromEntries(names.map((name, index) => [name, shortOf(name, index)]));
  };

  asyncbench.shortNames = { make };
})();
