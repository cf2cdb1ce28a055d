'use strict';

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
