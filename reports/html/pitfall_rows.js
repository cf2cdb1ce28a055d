'use strict';

// The chart of pitfalls: `rows` of pitfalls_page.cpp. Titles and notes as a narrow page has them stand on the row that
// has the note.
(() => {
  const { copyOf, distinct, leaveOutEmptyLayers, narrowLetters, wrapped } = asyncbench.rows;

  const withLines = (row) => {
    const { title, note } = row;
    return note ? { ...row, lines: [title, note].flatMap((text) => wrapped(text, narrowLetters)) } : row;
  };

  asyncbench.rows.pages.pitfalls = ({ rows }) => {
    const [symbolPixels, wordsPixels, linePixels, letterPixels, beside] = [36, 32, 15, 8, 80];
    const pitfalls = rows.map(withLines);
    const datasets = {
      pitfalls,
      drawn: pitfalls.filter(({ value }) => value !== null),
      lost: pitfalls.filter(({ lost }) => lost).map((row) => ({ ...row, from: 1 })),
    };
    const chart = copyOf('pitfalls');
    const count = distinct(rows.map(({ pitfall }) => pitfall)).length;
    const words = Math.max(wordsPixels, ...pitfalls.map(({ lines }) => (lines?.length ?? 0) * linePixels));
    const longest = Math.max(0, ...rows.flatMap(({ title, note }) => [[...title].length, [...note].length]));
    chart.height = count * (wordsPixels + symbolPixels);
    chart.usermeta.narrow = { below: longest * letterPixels + beside, words, height: count * (words + symbolPixels) };
    leaveOutEmptyLayers(chart, datasets);
    return { charts: { pitfalls: chart }, datasets };
  };
})();
