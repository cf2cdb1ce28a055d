'use strict';

// Draws the charts of reports/charts with the data in #chart-gzip, in the page's colours, and offers the raw result.
(() => {
  const unpack = async (id) => {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(unpacked).text();
  };

  let strategies, levels, charts, datasets;
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
      labelOverlap: 'greedy',
      labelSeparation: 6,
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
    mark: { color: colour('series-1') },
    style: {
      reference: { color: colour('text') },
      interval: { color: colour('text') },
      limit: { color: colour('bad') },
      note: { color: colour('quiet'), fontSize: 12 },
      label: { color: colour('text'), fontSize: 12 },
    },
  });

  // Every chart gives a strategy the same colour, whichever cells it has. Later ones are drawn thinner on top of
  // earlier ones, so that lines which coincide are all seen.
  const ranges = { strokeWidth: [5, 2], size: [180, 60] };
  const verdicts = { FAIL: 'bad', INCONCLUSIVE: 'series-5', PASS: 'series-3', information: 'series-7' };
  const fixScales = (node) => {
    if (node === null || typeof node !== 'object') return;
    for (const channel of ['color', 'shape', 'xOffset', 'strokeWidth', 'size']) {
      const encoding = node.encoding?.[channel];
      if (encoding?.field === 'verdict') {
        encoding.scale = { domain: Object.keys(verdicts), range: Object.values(verdicts).map(colour) };
      }
      if (encoding?.field !== 'strategy') continue;
      encoding.scale = { ...encoding.scale, domain: strategies };
      if (ranges[channel]) encoding.scale.range = ranges[channel];
    }
    Object.values(node).forEach(fixScales);
  };

  const prepare = (name, width) => {
    const spec = structuredClone(charts[name]);
    fixScales(spec);
    spec.datasets = datasets;
    for (const param of spec.params ?? []) {
      if (param.name === 'levels') param.value = levels;
      if (param.name !== 'concurrency') continue;
      param.value = levels.at(-1);
      if (levels.length > 1) param.bind.options = levels;
      else delete param.bind;
    }
    spec.config = theme();
    spec.config.legend.columns = Math.max(1, Math.floor(width / 190));
    spec.config.legend.layout = { top: { anchor: 'start', direction: width < 700 ? 'vertical' : 'horizontal' } };
    return spec;
  };

  // The views by the chart's name, for whoever scripts the page.
  const views = (window.asyncbenchCharts = {});

  const draw = async (place) => {
    const name = place.dataset.chart;
    const spec = prepare(name, place.clientWidth);
    if (datasets[name].length === 0) {
      place.textContent = 'No valid measurement to draw.';
      return;
    }
    const drawn = await vegaEmbed(place, spec, {
      // Expressions are interpreted: the page's Content-Security-Policy forbids eval.
      ast: true,
      renderer: 'svg',
      actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
      downloadFileName: `asyncbench-${name}`,
      tooltip: { theme: dark.matches ? 'dark' : 'light' },
    });
    // The menu's button is an icon.
    const heading = place.closest('figure').querySelector('h3').textContent;
    place.querySelector('summary')?.setAttribute('aria-label', `Export the chart: ${heading}`);
    views[name]?.finalize();
    views[name] = drawn.view;
  };

  const places = [...document.querySelectorAll('[data-chart]')];
  const drawAll = () => Promise.all(places.map(draw));
  const start = async () => {
    ({ strategies, levels, charts, datasets } = JSON.parse(await unpack('chart-gzip')));
    await drawAll();
  };
  window.asyncbenchReady = start();
  dark.addEventListener('change', () => {
    window.asyncbenchReady = window.asyncbenchReady.then(drawAll);
  });

  // The raw result, as text.
  window.asyncbenchResult = () => unpack('result-gzip');

  const download = document.getElementById('download');
  download.hidden = false;
  download.addEventListener('click', async () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([await window.asyncbenchResult()], { type: 'application/json' }));
    link.download = download.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
