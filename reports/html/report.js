'use strict';

// The results of a page, of any command: their charts, and the raw results. For whoever scripts the page:
// `asyncbench.ready` is done when all is drawn, `asyncbench.results` holds each result's views by the chart's name.
(() => {
  const { canDraw, canUnpack, unpackData, unpackResult } = asyncbench;

  // In the charts' places. The tables that hold their numbers, folded beside charts, then open.
  const tellUndrawn = (places, error) => {
    for (const place of places) {
      place.removeAttribute('aria-busy');
      place.textContent = `This chart could not be drawn: ${error.message}. The tables of the page hold its numbers.`;
    }
    document.documentElement.classList.add('undrawn');
    for (const details of document.querySelectorAll('details.fold')) details.open = true;
    console.error(error);
  };
  asyncbench.tellUndrawn = tellUndrawn;

  const offer = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  asyncbench.offer = offer;

  // Tells by `change` when a series is shown or hidden.
  class Result extends EventTarget {
    hidden = new Set();
    views = {};

    constructor(article) {
      super();
      this.article = article;
    }

    async load() {
      Object.assign(this, await this.dataOf(this.article));
    }

    async dataOf(article) {
      const data = unpackData(article.querySelector('script[id$="-json"]').textContent);
      const [{ shown, result }] = await Promise.all([data, canDraw]);
      return asyncbench.rows.of(shown, result);
    }

    // Of several results on a page: each has its charts, and what belongs to them needs a name of its own.
    title() {
      return this.article.querySelector(':scope > h2')?.textContent;
    }

    // Draws what can be drawn. `chosen` holds values of the charts' parameters by the chart's name.
    async drawFigures(chosen = {}) {
      for (const place of this.article.querySelectorAll('[data-chart]')) {
        const name = place.dataset.chart;
        try {
          await this.drawFigure(place, name, chosen[name]);
        } catch (error) {
          tellUndrawn([place], error);
        }
      }
    }

    async drawFigure(place, name, chosen) {
      const figure = place.closest('figure');
      const words = figure.querySelector('h3, h4').textContent;
      const title = this.title();
      const heading = title ? `${words} – ${title}` : words;
      if (!(await asyncbench.chart.draw(this, place, chosen))) return;
      asyncbench.chosen.add(this, place, heading);
      asyncbench.legend.add(this, place, heading);
      asyncbench.save.add(this, figure, name, heading);
      asyncbench.dataTable.add(this, figure, name, heading);
    }

    // The result as `--json` wrote it, but for white space and for how its histograms are compressed.
    json() {
      return unpackResult(this.article.id);
    }

    offerDownload() {
      const button = this.article.querySelector('button.download');
      button.hidden = !canUnpack;
      const title = this.title();
      if (title) button.setAttribute('aria-label', `${button.textContent}: ${title}`);
      button.addEventListener('click', async () => {
        const name = this.article.dataset.file;
        offer(new Blob([await this.json()], { type: 'application/json' }), name);
      });
    }
  }

  asyncbench.Result = Result;
  asyncbench.results = [...document.querySelectorAll('article[data-file]')].map((article) => new Result(article));
  asyncbench.results.forEach((result) => result.offerDownload());

  const drawAll = async () => {
    const { results } = asyncbench;
    try {
      await Promise.all(results.map((result) => result.load()));
      asyncbench.theme.assign(results.flatMap((result) => result.strategies));
      await Promise.all(results.map((result) => result.drawFigures()));
    } catch (error) {
      tellUndrawn(document.querySelectorAll('[data-chart]'), error);
    }
    performance.mark('asyncbench-drawn');
  };
  asyncbench.ready = drawAll();

  // What stands open for readers without script.
  for (const details of document.querySelectorAll('details.fold')) details.open = false;
})();

// The folded list of contents lies over the text: it folds again once it has led somewhere, and by Escape.
(() => {
  const details = document.querySelector('.contents.above > details');
  if (!details) return;
  details.addEventListener('click', ({ target }) => {
    if (target.closest('a')) details.open = false;
  });
  details.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary').focus();
  });
})();

// On paper nothing can be opened or chosen, and a chart as wide as the screen would be shrunk until nobody can read it:
// for the printer all is opened and drawn as wide as a sheet of A4, and afterwards it is as it was.
(() => {
  const paperPixels = 660; // of A4 and Letter with their margins, less those of a figure
  let closed = [];

  // A view that fits its place sets its width to what axes leave of it, and takes what it has already for no change.
  const widen = async (view, width) => {
    if (view.width() === width) await view.width(width + 1).runAsync();
    await view.width(width).runAsync();
  };
  const views = () => asyncbench.results.flatMap((result) => Object.values(result.views));

  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:is(.how, .fold, .on-paper):not([open])')];
    for (const details of closed) details.open = true;
    // Rendered before the printer looks: nothing in a view waits for more than the end of this listener.
    for (const view of views()) widen(view, paperPixels);
  });

  addEventListener('afterprint', () => {
    for (const details of closed.splice(0)) details.open = false;
    for (const view of views()) widen(view, view.container().clientWidth);
  });
})();
