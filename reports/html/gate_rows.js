'use strict';

// The charts of a gate: the ratio of each line, and the drift of the control. `shown` is of gate_page.cpp.
(() => {
  const { copyOf, endsOf, leaveOutEmptyLayers, narrowLetters, wrapped } = asyncbench.rows;

  // Strips below each other, each under its words, of which a narrow page has room for several lines.
  const addStrips = (datasets, shown, result) => {
    const [linePixels, stripPixels, betweenPixels] = [15, 30, 8];
    let height = 0;
    for (const { of, name, verdict, verdict_text, base, head, ratio: text, limits } of shown.lines) {
      const lines = [...wrapped(`${verdict_text} · ${name}`, narrowLetters), text];
      const label = `${verdict_text} · ${name} · ${text}`;
      const top = height + lines.length * linePixels + betweenPixels;
      const bottom = top + stripPixels;
      const { ratio, ratios } = result.lines[of];
      const [low, high] = endsOf(ratio, shown);
      const words = { line: name, label, lines, base, head, ratio: text, verdict, verdict_text };
      datasets.ratios.push({ ...words, top, bottom, value: ratio.value, low, high });
      ratios.forEach((pair, i) => {
        // What is 0 has no place on a logarithmic axis.
        if (!(pair > 0)) return;
        const place = top + ((i + 0.5) / ratios.length) * stripPixels;
        datasets.pairs.push({ line: name, pair: i + 1, ratio: pair, place, verdict });
      });
      datasets.limits.push(...limits.map((limit) => ({ ...limit, top, bottom })));
      height = bottom + betweenPixels;
    }
    return height;
  };

  asyncbench.rows.pages.gate = (shown, result) => {
    const drift = (result.control?.drift ?? []).map((value, i) => ({ trial: i + 1, value }));
    const datasets = { ratios: [], pairs: [], limits: [], drift };
    const height = addStrips(datasets, shown, result);
    const ratios = copyOf('gate-ratios');
    ratios.height = Math.round(height);
    ratios.encoding.y.scale.domain = [0, height];
    leaveOutEmptyLayers(ratios, datasets);
    return { charts: { ratios, drift: copyOf('gate-drift') }, datasets };
  };
})();
