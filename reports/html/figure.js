'use strict';

// What is chosen of a chart, in words above it: paper has no lists to choose from, and a screen reader hears it change.
(() => {
  const { onChoice, words } = asyncbench.chart;

  const add = (result, place, heading) => {
    const name = place.dataset.chart;
    const { description } = result.charts[name];
    const line = document.createElement('p');
    line.className = 'chosen';
    line.setAttribute('aria-live', 'polite');
    const update = () => {
      line.textContent = words(result, name).join(' · ');
      result.views[name].description([`${heading}.`, description, line.textContent].join(' ').trim());
    };
    update();
    onChoice(result, name, update);
    if (line.textContent) place.before(line);
  };

  asyncbench.chosen = { add };
})();

// Legends of buttons, which switch their series on and off by mouse, finger and keyboard.
(() => {
  const { byName, lookOf } = asyncbench.theme;
  const { onChoice, rowsChosen, setsOf, show } = asyncbench.chart;

  const drawn = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // Solid or as the chart's lines are of strategies whose colour another has.
  const dashesOf = (spec, { again }) => (again && spec.params?.some(({ name }) => name === 'again') ? '5 2 1 2' : 'none');

  const swatch = (result, strategy, spec) => {
    const look = lookOf(strategy, result);
    const colour = byName(look.colour);
    const picture = drawn('svg', { viewBox: '-14 -7 28 14', width: 28, height: 14, 'aria-hidden': 'true' });
    picture.append(
      drawn('line', { x1: -14, x2: 14, stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dashesOf(spec, look) }),
      drawn('path', { d: look.shape, transform: 'scale(5)', fill: colour }),
    );
    return picture;
  };

  const button = (result, strategy, spec) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.append(swatch(result, strategy, spec), strategy);
    const update = () => element.setAttribute('aria-pressed', String(!result.hidden.has(strategy)));
    update();
    result.addEventListener('change', update);
    element.addEventListener('click', () => show(result, strategy, result.hidden.has(strategy)));
    return element;
  };

  // Before the chart, for the strategies that it has; at what is chosen it may have fewer.
  const add = (result, place, heading) => {
    const name = place.dataset.chart;
    const rows = setsOf(result.charts[name]).flatMap((set) => result.datasets[set]);
    const strategies = new Set(rows.map((row) => row.strategy).filter(Boolean));
    if (strategies.size < 2) return;
    const legend = document.createElement('div');
    legend.className = 'legend';
    legend.setAttribute('role', 'group');
    legend.setAttribute('aria-label', `Strategies shown: ${heading}`);
    const buttons = result.strategies
      .filter((each) => strategies.has(each))
      .map((each) => [each, button(result, each, result.charts[name])]);
    const update = () => {
      const drawn = new Set(rowsChosen(result, name).map((row) => row.strategy));
      for (const [strategy, element] of buttons) element.hidden = !drawn.has(strategy);
    };
    update();
    onChoice(result, name, update);
    result.addEventListener('change', update);
    legend.append(...buttons.map(([, element]) => element));
    place.before(legend);
  };

  asyncbench.legend = { add };
})();

// The data of a chart as a table: what its tooltips say, of every row that is drawn, in a table for each kind of mark.
(() => {
  const { isShown, onChoice, rowsChosen, setsOf } = asyncbench.chart;

  // What has a table: the main dataset, whose rows also say what has no place on the axis, and what stands around it
  // with tooltips of its own: trials, pairs, fits and the ideal.
  const partsOf = (spec) => {
    const [main] = setsOf(spec);
    const parts = new Map();
    spec.layer.forEach(({ data, encoding, description }, index) => {
      const set = data?.name ?? spec.data?.name;
      const isMain = set === main;
      const columns = encoding.tooltip ?? (isMain && encoding.tooltip !== null ? spec.encoding?.tooltip : null);
      if (Array.isArray(columns) && !parts.has(set)) parts.set(set, { columns, description, index, isMain });
    });
    return [...parts.values()].sort((one, other) => other.isMain - one.isMain);
  };

  // The rows of a layer as they are drawn, after what its specification makes of its dataset.
  const rowsDrawn = (view, index) => {
    const rows = [];
    visitMarks(view.scenegraph().root, (mark) => {
      if (mark.name === `layer_${index}_marks`) rows.push(...mark.items.map((item) => item.datum));
    });
    return rows;
  };

  const visitMarks = (mark, see) => {
    see(mark);
    for (const item of mark.items ?? []) for (const child of item.items ?? []) visitMarks(child, see);
  };

  const cell = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };

  const textOf = (row, { field, format }) => {
    const value = row[field];
    return format && typeof value === 'number' ? vega.defaultLocale().format(format)(value) : String(value ?? '');
  };

  const make = (caption, columns, rows) => {
    const table = document.createElement('table');
    table.append(cell('caption', caption));
    const head = table.createTHead().insertRow();
    for (const column of columns) {
      const title = cell('th', column.title ?? column.field);
      title.scope = 'col';
      head.append(title);
    }
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      columns.forEach((column, index) => {
        const element = cell(index === 0 ? 'th' : 'td', textOf(row, column));
        if (index === 0) element.scope = 'row';
        line.append(element);
      });
    }
    return table;
  };

  const tables = (result, name, heading) =>
    partsOf(result.charts[name]).map(({ columns, description, index, isMain }) =>
      isMain
        ? make(`${heading}: what is drawn.`, columns, rowsChosen(result, name).filter(isShown(result)))
        : make(`${heading}: ${description}`, columns, rowsDrawn(result.views[name], index)),
    );

  // Behind the chart, made when it is opened and kept in step with what is chosen.
  const add = (result, figure, name, heading) => {
    const details = document.createElement('details');
    details.className = 'data';
    const region = document.createElement('div');
    region.className = 'scroll';
    region.tabIndex = 0;
    region.setAttribute('role', 'group');
    region.setAttribute('aria-label', `Data: ${heading}`);
    details.append(cell('summary', 'The data as a table'), region);
    const update = () => {
      // Not before what is chosen is drawn.
      if (details.open) result.views[name].runAfter(() => region.replaceChildren(...tables(result, name, heading)));
    };
    details.addEventListener('toggle', update);
    result.addEventListener('change', update);
    onChoice(result, name, update);
    figure.append(details);
  };

  asyncbench.dataTable = { add };
})();

// Saves charts as pictures, with their heading, what was chosen, what is left out, their caption, their source and a
// legend of what they draw: what is cut out of the page must still say what it shows.
(() => {
  const { byValue } = asyncbench.theme;
  const { choices, embed, prepare, strategiesDrawn, words } = asyncbench.chart;
  const { wrapped } = asyncbench.rows;
  const picture = { width: 900, pixelRatio: 2, letters: 145 };

  const specification = (result, name, heading) => {
    const chosen = choices(result, name);
    const spec = prepare(result, name, { colour: byValue, inLegend: strategiesDrawn(result, name), chosen, width: picture.width });
    for (const param of spec.params ?? []) delete param.bind;
    const leftOut = result.left_out?.[name] ?? [];
    const said = [words(result, name).join(' · '), ...leftOut, result.captions[name], result.source].filter(Boolean);
    spec.title = { text: heading, subtitle: said.flatMap((text) => wrapped(text, picture.letters)) };
    spec.width = picture.width;
    spec.background = byValue('page');
    spec.padding = 16;
    spec.config.legend.columns = 4;
    return spec;
  };

  const save = async (result, name, heading, format) => {
    const place = document.createElement('div');
    const { view } = await embed(place, specification(result, name, heading), 'none');
    const blob =
      format === 'svg'
        ? new Blob([await view.toSVG()], { type: 'image/svg+xml' })
        : await new Promise((take) => view.toCanvas(picture.pixelRatio).then((canvas) => canvas.toBlob(take)));
    view.finalize();
    asyncbench.offer(blob, `asyncbench-${name}.${format}`);
  };

  // Buttons beside the figure's heading.
  const add = (result, figure, name, heading) => {
    const tools = document.createElement('div');
    tools.className = 'tools';
    for (const format of ['svg', 'png']) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = format.toUpperCase();
      button.setAttribute('aria-label', `Save as ${format.toUpperCase()}: ${heading}`);
      button.addEventListener('click', () => save(result, name, heading, format));
      tools.append(button);
    }
    figure.prepend(tools);
  };

  asyncbench.save = { add };
})();
