'use strict';

// The page of `run` and `report`: its charts, and the raw results. For whoever scripts the page: `asyncbench.ready` is
// done when all is drawn, `asyncbench.results` holds each result's views by the chart's name.
(() => {
  const { unpack, unpackText, vegaLoaded } = asyncbench;

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
      return JSON.parse(await unpackText(article.querySelector('script[id$="-charts"]').textContent));
    }

    async drawFigures() {
      await vegaLoaded;
      for (const place of this.article.querySelectorAll('[data-chart]')) {
        const figure = place.closest('figure');
        const heading = figure.querySelector('h3').textContent;
        if (!(await asyncbench.chart.draw(this, place))) continue;
        asyncbench.chosen.add(this, place, heading);
        asyncbench.legend.add(this, place, heading);
        asyncbench.save.add(this, figure, place.dataset.chart, heading);
        asyncbench.dataTable.add(this, figure, place.dataset.chart, heading);
      }
    }

    // The result as `--json` wrote it.
    json() {
      return unpack(`${this.article.id}-json`);
    }

    offerDownload() {
      const button = this.article.querySelector('button.download');
      button.hidden = false;
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
    await Promise.all(results.map((result) => result.load()));
    asyncbench.theme.assign(results.flatMap((result) => result.strategies));
    await Promise.all(results.map((result) => result.drawFigures()));
    performance.mark('asyncbench-drawn');
  };
  asyncbench.ready = drawAll();

  const setOpen = (selector, open) => {
    for (const details of document.querySelectorAll(selector)) details.open = open;
  };

  // What stands open for readers without script.
  setOpen('details.fold', false);

  // On paper nothing can be opened.
  addEventListener('beforeprint', () => setOpen('details.how, details.fold', true));
})();
