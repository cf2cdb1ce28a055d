'use strict';

// The page of `run` and `report`: its charts, and the raw results. For whoever scripts the page: `asyncbench.ready` is
// done when all is drawn, `asyncbench.results` holds each result's views by the chart's name.
(() => {
  const { canUnpack, unpackCharts, unpackResult, vegaLoaded } = asyncbench;

  // In the chart's place. The tables that hold its numbers, folded beside charts, then open.
  const tellUndrawn = (place, error) => {
    place.removeAttribute('aria-busy');
    place.textContent = `This chart could not be drawn: ${error.message}. The tables of the page hold its numbers.`;
    document.documentElement.classList.add('undrawn');
    for (const details of document.querySelectorAll('details.fold')) details.open = true;
    console.error(error);
  };

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
      return unpackCharts(article.querySelector('script[id$="-charts"]').textContent);
    }

    // Of several results on a page: each has its charts, and what belongs to them needs a name of its own.
    title() {
      return this.article.querySelector(':scope > h2')?.textContent;
    }

    // Draws what can be drawn. `chosen` holds values of the charts' parameters by the chart's name.
    async drawFigures(chosen = {}) {
      await vegaLoaded;
      for (const place of this.article.querySelectorAll('[data-chart]')) {
        const name = place.dataset.chart;
        try {
          await this.drawFigure(place, name, chosen[name]);
        } catch (error) {
          tellUndrawn(place, error);
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
      return unpackResult(`${this.article.id}-json`);
    }

    offerDownload() {
      const button = this.article.querySelector('button.download');
      button.hidden = !canUnpack;
      const title = this.title();
      if (title) button.setAttribute('aria-label', `${button.textContent}: ${title}`);
      button.addEventListener('click', async () => {
        const name = this.article.dataset.file;
        asyncbench.save.offer(new Blob([await this.json()], { type: 'application/json' }), name);
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
      for (const place of document.querySelectorAll('[data-chart]')) tellUndrawn(place, error);
    }
    performance.mark('asyncbench-drawn');
  };
  asyncbench.ready = drawAll();

  // What stands open for readers without script.
  for (const details of document.querySelectorAll('details.fold')) details.open = false;
})();
