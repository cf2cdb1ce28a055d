'use strict';

// The data of a chart as a table: what its tooltips say, of every row that is drawn.
(() => {
  const { isShown, onChoice, rowsChosen, setsOf, visit } = asyncbench.chart;

  // Of the layer that draws the main dataset.
  const columnsOf = (spec) => {
    const [main] = setsOf(spec);
    let columns = [];
    visit(spec, ({ data, encoding }) => {
      const isMain = !data || data.name === main;
      if (columns.length === 0 && isMain && Array.isArray(encoding?.tooltip)) columns = encoding.tooltip;
    });
    return columns;
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

  const make = (result, name, heading) => {
    const columns = columnsOf(result.charts[name]);
    const table = document.createElement('table');
    table.append(cell('caption', `${heading}: what is drawn.`));
    const head = table.createTHead().insertRow();
    for (const column of columns) {
      const title = cell('th', column.title ?? column.field);
      title.scope = 'col';
      head.append(title);
    }
    const body = table.createTBody();
    for (const row of rowsChosen(result, name).filter(isShown(result))) {
      const line = body.insertRow();
      columns.forEach((column, index) => {
        const element = cell(index === 0 ? 'th' : 'td', textOf(row, column));
        if (index === 0) element.scope = 'row';
        line.append(element);
      });
    }
    return table;
  };

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
      if (details.open) region.replaceChildren(make(result, name, heading));
    };
    details.addEventListener('toggle', update);
    result.addEventListener('change', update);
    onChoice(result, name, update);
    figure.append(details);
  };

  asyncbench.dataTable = { add };
})();
