'use strict';

// How charts look. Colours are those of the style sheet: by name on the page, where a change of theme and the printer
// then need no new drawing; by value in a saved picture, which has no style sheet.
(() => {
  const byName = (name) => `var(--${name})`;
  const byValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // In a square from -1 to 1, as Vega wants them. With seven of them and eight colours no two of 56 series look alike.
  const shapes = [
    'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0Z',
    'M-0.85,-0.85H0.85V0.85H-0.85Z',
    'M0,-1.05L1.05,0.8H-1.05Z',
    'M0,-1.15L1,0L0,1.15L-1,0Z',
    'M-0.36,-1.05H0.36V-0.36H1.05V0.36H0.36V1.05H-0.36V0.36H-1.05V-0.36H-0.36Z',
    'M0,1.05L1.05,-0.8H-1.05Z',
    'M-1,-1H1L0.2,0L1,1H-1L-0.2,0Z',
  ];
  const colours = 8;

  // Strategies that look alike on every page.
  const known = [
    'sequential',
    'thread-pool',
    'callback',
    'coroutine',
    'coroutine-asio',
    'thread-per-request',
    'callback-poll',
  ];
  const places = new Map();

  // Gives each strategy of all results of the page its look, wherever it stands in them: the known ones theirs, one
  // with parameters that of its name if nobody has it, the rest what is left, in alphabetical order.
  const assign = (strategies) => {
    const texts = [...new Set(strategies)].sort();
    const isFree = (place) => ![...places.values()].includes(place);
    places.clear();
    for (const text of texts) if (known.includes(text)) places.set(text, known.indexOf(text));
    let next = known.length;
    for (const text of texts) {
      if (places.has(text)) continue;
      const own = known.indexOf(text.split(':')[0]);
      places.set(text, own >= 0 && isFree(own) ? own : next++);
    }
  };

  // Results whose series have colours of their own on the page name them.
  const lookOf = (strategy, { strategies, colours: named }) => {
    const place = named ? strategies.indexOf(strategy) : places.get(strategy);
    return {
      again: !named && place >= colours, // another has the colour
      colour: named ? named[place] : `series-${(place % colours) + 1}`,
      shape: shapes[place % shapes.length],
    };
  };

  const font = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  const config = (colour) => ({
    background: null,
    font,
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
      labelLimit: 0, // names are cut before, in their middle
      orient: 'top',
      direction: 'horizontal',
      symbolStrokeColor: colour('quiet'),
    },
    title: {
      anchor: 'start',
      color: colour('text'),
      fontSize: 15,
      offset: 12,
      subtitleColor: colour('quiet'),
      subtitleFontSize: 12,
    },
    view: { stroke: null },
    mark: { color: colour('series-1') },
    style: {
      reference: { color: colour('text') },
      outline: { stroke: colour('text') },
      interval: { color: colour('text') },
      halo: { color: colour('page') },
      limit: { color: colour('bad') },
      note: { color: colour('quiet'), fontSize: 12 },
      label: { color: colour('text'), fontSize: 12 },
    },
  });

  asyncbench.theme = { assign, byName, byValue, lookOf, config, font };
})();
