'use strict';

// What charts draw, made of what a page holds: `result`, the JSON of the command, and `shown`, what C++ decided
// besides. For each kind of page, `shown.page`, a function makes `charts`, specifications by the name of their place,
// and `datasets`, lists of flat rows by the names that specifications ask for: run_rows.js, gate_rows.js,
// pitfall_rows.js, load_rows.js.
(() => {
  const pages = {};

  const of = (shown, result) => ({ ...shown, levels: [], ...pages[shown.page](shown, result) });

  const rowsOf = (columns) => {
    const keys = Object.keys(columns);
    return columns[keys[0]].map((_, i) => Object.fromEntries(keys.map((key) => [key, columns[key][i]])));
  };

  const distinct = (values) => [...new Set(values)];

  const copyOf = (name) => structuredClone(asyncbenchCharts[name]);

  // Vega warns of an axis that a layer without rows would have.
  const leaveOutEmptyLayers = (chart, datasets) => {
    const draws = ({ data, transform }) => {
      if (!data?.name) return true;
      const rows = datasets[data.name] ?? [];
      return transform?.[0].filter === 'datum.bound > 0' ? rows.some(({ bound }) => bound > 0) : rows.length > 0;
    };
    chart.layer = chart.layer.filter(draws);
  };

  // Both ends at the value where there is no interval to show.
  const endsOf = ({ value, low, high, confidence }, shown) =>
    confidence < shown.least_confidence ? [value, value] : [low, high];

  // Letters that a chart on a page of 390 pixels has room for.
  const narrowLetters = 38;

  // Lines of at most so many letters, broken between words; a longer word is broken where it has to be.
  const wrapped = (text, letters) => {
    const lines = [''];
    for (const word of text.split(' ').flatMap((each) => each.match(new RegExp(`.{1,${letters}}`, 'gsu')) ?? [])) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if ([...line].length <= letters) lines[lines.length - 1] = line;
      else lines.push(word);
    }
    return lines;
  };

  asyncbench.rows = { pages, of, rowsOf, distinct, copyOf, leaveOutEmptyLayers, endsOf, narrowLetters, wrapped };
})();
