'use strict';

// Draws the specifications of reports/charts with their data, and shows or hides series.
(() => {
  const { byName, lookOf, config, font } = asyncbench.theme;

  const visit = (node, see) => {
    if (node === null || typeof node !== 'object') return;
    see(node);
    Object.values(node).forEach((child) => visit(child, see));
  };

  // The names of the datasets that a specification draws, the main one first.
  const setsOf = (spec) => {
    const names = new Set(spec.usermeta?.main ? [spec.usermeta.main] : []);
    visit(spec, (node) => node.data?.name && names.add(node.data.name));
    return [...names];
  };

  const verdicts = {
    FAIL: { colour: 'verdict-fail', shape: 'cross' },
    INCONCLUSIVE: { colour: 'verdict-open', shape: 'diamond' },
    PASS: { colour: 'verdict-pass', shape: 'circle' },
    information: { colour: 'quiet', shape: 'square' },
  };

  // Every chart gives a strategy the same look, whichever cells it has; lines are told apart by their symbols, as
  // dashes have meanings of their own. Later ones are drawn thinner on top of earlier ones, so that lines which coincide
  // are all seen.
  const dress = (spec, result, colour, inLegend) => {
    const { strategies } = result;
    const looks = strategies.map((each) => lookOf(each, result));
    const ranges = {
      color: looks.map((look) => colour(look.colour)),
      stroke: looks.map((look) => colour(look.colour)),
      shape: looks.map((look) => look.shape),
      strokeWidth: [4, 1.5],
      size: [130, 45],
    };
    visit(spec, (node) => {
      for (const [channel, range] of Object.entries(ranges)) {
        const encoding = node.encoding?.[channel];
        if (encoding?.field === 'verdict') {
          const ofVerdict = channel === 'shape' ? ({ shape }) => shape : (look) => colour(look.colour);
          encoding.scale = { domain: Object.keys(verdicts), range: Object.values(verdicts).map(ofVerdict) };
        }
        if (encoding?.field !== 'strategy') continue;
        encoding.scale = { ...encoding.scale, domain: strategies, range };
        const labelExpr = 'legend_names[datum.value] || datum.value';
        const symbols = { symbolOpacity: 1, symbolStrokeWidth: 0 };
        encoding.legend = inLegend ? { title: null, values: inLegend, labelExpr, ...symbols } : null;
      }
    });
  };

  // Side by side in the order of the legend, whichever layer meets them first.
  const setInOrder = (spec, { strategies, datasets }) => {
    const present = new Set(datasets[setsOf(spec)[0]].map((row) => row.strategy));
    visit(spec, ({ encoding }) => {
      const domain = strategies.filter((each) => present.has(each));
      if (encoding?.xOffset?.field === 'strategy') encoding.xOffset.scale = { domain };
    });
  };

  // A parameter that is chosen from a list offers what the data has, if it names nothing itself; with one value there
  // is nothing to choose.
  const offerChoices = (spec, { best }, rows, chosen) => {
    for (const param of spec.params ?? []) {
      if (param.bind?.input !== 'select') continue;
      if (param.bind.options) {
        param.value = chosen[param.name] ?? param.value;
        continue;
      }
      const values = [...new Set(rows.map((row) => row[param.name]))];
      const preferred = chosen[param.name] ?? { best, last: values.at(-1) }[param.value];
      param.value = values.includes(preferred) ? preferred : values[0];
      if (values.length > 1) param.bind.options = values;
      else delete param.bind;
    }
  };

  // Parameters that hold what expressions ask for: the concurrencies, strategies whose colour another has, and names
  // that fit their places beside a chart or, of a legend of its own, above it.
  const [namePixels, legendPixels] = [150, 190];
  const giveNames = (spec, result, inLegend) => {
    const short = (pixels) => asyncbench.shortNames.make(result.strategies, pixels, `12px ${font}`);
    const given = {
      levels: () => result.levels,
      names: () => short(namePixels),
      again: () => result.strategies.filter((each) => lookOf(each, result).again),
    };
    for (const param of spec.params ?? []) if (param.name in given) param.value = given[param.name]();
    if (inLegend) (spec.params ??= []).push({ name: 'legend_names', value: short(legendPixels) });
  };

  const isShown = (result) => (row) => !result.hidden.has(row.strategy);

  // A specification with all that it needs. `chosen` are values of its parameters, `inLegend` the strategies that a
  // legend of its own names, `width` what there is.
  const prepare = (result, name, { colour = byName, inLegend = null, chosen = {}, width = Infinity } = {}) => {
    const spec = structuredClone(result.charts[name]);
    // Words that are longer than so wide a page stand in several lines.
    const { below, height, words } = spec.usermeta?.narrow ?? { below: 0 };
    if (width < below) {
      spec.height = height;
      for (const param of spec.params) param.value = { narrow: true, words }[param.name] ?? param.value;
    }
    const sets = setsOf(spec);
    dress(spec, result, colour, inLegend);
    setInOrder(spec, result);
    offerChoices(spec, result, result.datasets[sets[0]], chosen);
    giveNames(spec, result, inLegend);
    spec.datasets = Object.fromEntries(sets.map((set) => [set, result.datasets[set].filter(isShown(result))]));
    spec.config = config(colour);
    return spec;
  };

  // Expressions are interpreted: the page's Content-Security-Policy forbids eval.
  const embed = (place, spec, renderer) =>
    vegaEmbed(place, spec, { ast: true, renderer, actions: false, tooltip: { disableDefaultStyle: true } });

  // What is pointed at says nothing any more once something else is drawn there, or the reader wants to see behind it.
  const hideTooltip = () => document.getElementById('vg-tooltip-element')?.classList.remove('visible');
  addEventListener('keydown', ({ key }) => key === 'Escape' && hideTooltip());

  // The parameters of a chart that are chosen, or would be if there were more than one value.
  const chosenParams = (result, name) => (result.charts[name].params ?? []).filter((param) => param.bind);

  const choices = (result, name) =>
    Object.fromEntries(
      chosenParams(result, name).map((param) => [param.name, result.views[name].signal(param.name)]),
    );

  // The same in words: `Concurrent requests: 128`.
  const words = (result, name) => {
    const view = result.views[name];
    return chosenParams(result, name).map(({ name: param, bind }) => `${bind.name.trim()}: ${view.signal(param)}`);
  };

  const onChoice = (result, name, then) => {
    for (const param of chosenParams(result, name)) result.views[name].addSignalListener(param.name, then);
  };

  // The rows of the chart's main dataset at what is chosen, of series shown and hidden.
  const rowsChosen = (result, name) => {
    const chosen = Object.entries(choices(result, name));
    return result.datasets[setsOf(result.charts[name])[0]].filter((row) =>
      chosen.every(([field, value]) => !(field in row) || row[field] === value),
    );
  };

  // The strategies that are seen at what is chosen, in the result's order.
  const strategiesDrawn = (result, name) => {
    const drawn = new Set(rowsChosen(result, name).filter(isShown(result)).map((row) => row.strategy));
    return result.strategies.filter((each) => drawn.has(each));
  };

  // Whether there was anything to draw. `chosen` are values of its parameters.
  const draw = async (result, place, chosen = {}) => {
    const name = place.dataset.chart;
    place.removeAttribute('aria-busy');
    if (!result.datasets[setsOf(result.charts[name])[0]]?.length) {
      place.textContent = 'Nothing to draw.';
      return false;
    }
    const { view } = await embed(place, prepare(result, name, { chosen, width: place.clientWidth }), 'svg');
    // Where all series are hidden an axis has no extent, of which Vega would warn.
    view.logLevel(vega.Error);
    result.views[name] = view;
    onChoice(result, name, hideTooltip);
    return true;
  };

  // Gives all charts of the result its data, as far as that is shown.
  const refresh = async (result) => {
    hideTooltip();
    await Promise.all(
      Object.entries(result.views).map(([name, view]) => {
        for (const set of setsOf(result.charts[name])) {
          // Vega marks the rows that it was given as its own.
          view.data(set, result.datasets[set].filter(isShown(result)).map((row) => ({ ...row })));
        }
        return view.runAsync();
      }),
    );
    result.dispatchEvent(new Event('change'));
  };

  // Shows or hides a series in all charts of the result.
  const show = (result, strategy, shown) => {
    if (shown) result.hidden.delete(strategy);
    else result.hidden.add(strategy);
    return refresh(result);
  };

  asyncbench.chart = {
    choices,
    draw,
    embed,
    isShown,
    onChoice,
    prepare,
    refresh,
    rowsChosen,
    setsOf,
    show,
    strategiesDrawn,
    words,
  };
})();
