'use strict';

// Draws the charts of reports/charts with the data in #chart-json, in the page's colours, and offers the raw result.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { strategies, levels, charts, datasets } = read('chart-json');
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const theme = () => ({
    background: null,
    font: 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    range: { category: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => colour(`series-${n}`)) },
    axis: {
      domainColor: colour('line'),
      gridColor: colour('line'),
      gridOpacity: 0.6,
      labelColor: colour('quiet'),
      tickColor: colour('line'),
      titleColor: colour('text'),
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      labelOverlap: true,
    },
    legend: {
      labelColor: colour('text'),
      labelFontSize: 12,
      labelLimit: 240,
      orient: 'top',
      direction: 'horizontal',
      symbolStrokeColor: colour('quiet'),
    },
    view: { stroke: null },
    style: {
      reference: { stroke: colour('quiet') },
      interval: { stroke: colour('text') },
      note: { fill: colour('quiet'), fontSize: 12 },
      label: { fill: colour('text'), fontSize: 12 },
    },
  });

  // Every chart gives a strategy the same colour, whichever cells it has.
  const fixScales = (node) => {
    if (node === null || typeof node !== 'object') return;
    for (const channel of ['color', 'shape', 'xOffset']) {
      const encoding = node.encoding?.[channel];
      if (encoding?.field === 'strategy') encoding.scale = { ...encoding.scale, domain: strategies };
    }
    Object.values(node).forEach(fixScales);
  };

  const widestLegend = (width) => Math.max(1, Math.floor(width / 190));

  const prepare = (name, width) => {
    const spec = structuredClone(charts[name]);
    fixScales(spec);
    spec.datasets = datasets;
    spec.autosize = { type: 'fit-x', contains: 'padding', resize: true };
    for (const param of spec.params ?? []) {
      if (param.name === 'levels') param.value = levels;
      if (param.name !== 'concurrency') continue;
      param.value = levels.at(-1);
      if (levels.length > 1) param.bind.options = levels;
      else delete param.bind;
    }
    spec.config = theme();
    spec.config.legend.columns = widestLegend(width);
    return spec;
  };

  // The views by the chart's name, for whoever scripts the page.
  const views = (window.asyncbenchCharts = {});

  const draw = async (place) => {
    const name = place.dataset.chart;
    const spec = prepare(name, place.clientWidth);
    const used = new Set();
    JSON.stringify(spec, (key, value) => {
      if (key === 'data' && value?.name) used.add(value.name);
      return key === 'datasets' ? undefined : value;
    });
    spec.datasets = Object.fromEntries([...used].map((set) => [set, datasets[set]]));
    const main = [...used].find((set) => set === name) ?? [...used][0];
    if (datasets[main].length === 0) {
      place.textContent = 'No valid measurement to draw.';
      return;
    }
    const result = await vegaEmbed(place, spec, {
      // Expressions are interpreted: the page's Content-Security-Policy forbids eval.
      ast: true,
      renderer: 'svg',
      actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
      downloadFileName: `asyncbench-${name}`,
      tooltip: { theme: dark.matches ? 'dark' : 'light' },
    });
    views[name]?.finalize();
    views[name] = result.view;
  };

  const places = [...document.querySelectorAll('[data-chart]')];
  const drawAll = () => Promise.all(places.map(draw));
  window.asyncbenchReady = drawAll();
  dark.addEventListener('change', () => {
    window.asyncbenchReady = drawAll();
  });

  const download = document.getElementById('download');
  const text = JSON.stringify(read('result-json'), null, 1);
  download.querySelector('a').href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  download.hidden = false;
})();
