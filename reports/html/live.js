'use strict';

// Follows a run: asks the server for what is new, and puts the report so far in the place of the one before.
(() => {
  const element = (id) => document.getElementById(id);

  // Each state of the run is an article. Charts that were drawn stay, and get the new data.
  class LiveResult extends asyncbench.Result {
    async replace(article) {
      const data = await this.dataOf(article);
      const grows = this.article !== null && LiveResult.shapeOf(data) === LiveResult.shapeOf(this);
      if (this.article !== null) this.keepView(article);
      if (grows) this.keepFigures(article);
      Object.assign(this, data);
      asyncbench.theme.assign(this.strategies);
      element('live-report').replaceChildren(article);
      this.article = article;
      if (grows) await asyncbench.chart.refresh(this);
      else await this.drawAgain();
    }

    // What charts, their legends and choices are made for: with more of it they are drawn anew.
    static shapeOf({ strategies, levels, charts, datasets }) {
      const distinct = (rows, field) => [...new Set(rows.map((row) => row[field]))];
      const inEach = Object.entries(datasets).map(([name, rows]) => [
        name, ...['strategy', 'concurrency', 'base', 'measure'].map((field) => distinct(rows, field)),
      ]);
      return JSON.stringify([strategies, levels, charts, inEach]);
    }

    async drawAgain() {
      Object.values(this.views).forEach((view) => view.finalize());
      this.views = {};
      await this.drawFigures();
      this.article.style.minHeight = '';
    }

    // A figure that was drawn stays, with the new one's words.
    keepFigures(article) {
      const words = ':scope > .left-out, :scope > figcaption, :scope > details:not(.data)';
      for (const place of article.querySelectorAll('[data-chart]')) {
        const figure = this.article.querySelector(`[data-chart="${place.dataset.chart}"]`).closest('figure');
        const next = place.closest('figure');
        const old = [...figure.querySelectorAll(words)];
        old[0].before(...next.querySelectorAll(words));
        old.forEach((element) => element.remove());
        next.replaceWith(figure);
      }
    }

    // Nothing that was opened closes, and the page keeps its length while charts are drawn.
    keepView(article) {
      const named = (root) => [...root.querySelectorAll('details > summary')].map((summary) => [summary.textContent, summary]);
      const open = new Set(named(this.article).filter(([, summary]) => summary.parentElement.open).map(([name]) => name));
      for (const [name, summary] of named(article)) if (open.has(name)) summary.parentElement.open = true;
      article.style.minHeight = `${this.article.offsetHeight}px`;
    }
  }

  const result = new LiveResult(null);
  asyncbench.results = [result];

  const parse = (markup) => {
    const template = document.createElement('template');
    template.innerHTML = markup;
    return template.content.querySelector('article');
  };

  const tellProgress = ({ done, total, running, left }) => {
    if (total === undefined) return;
    element('live-progress').max = total;
    element('live-progress').value = done;
    const now = running ? `; now ${running}` : '';
    element('live-now').textContent = `${done} of ${total} trials done${left && running ? `, ${left}` : ''}${now}.`;
  };

  const tellEnd = (sentence, report) => {
    const end = element('live-end');
    end.textContent = report ? `${sentence} Its report is ${report}.` : sentence;
    end.hidden = false;
    document.title = document.title.replace('Live', 'Ended');
  };

  const inView = () =>
    document.hidden
      ? new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }))
      : Promise.resolve();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 250));

  const ask = async (seen) => {
    try {
      const response = await fetch(`state?after=${seen.version}&article=${seen.article_version}`);
      return response.ok ? await response.json() : null;
    } catch (error) {
      if (error instanceof TypeError) return null; // there is no server any more
      throw error;
    }
  };

  const follow = async () => {
    let seen = { version: 0, article_version: 0 };
    for (; ; await pause()) {
      await inView();
      const state = await ask(seen);
      if (state === null) return tellEnd('The run has ended, or was stopped, before this page had heard all of it.', seen.report);
      seen = { ...seen, ...state };
      tellProgress(state);
      if (state.article) await result.replace(parse(state.article));
      if (state.ended) return tellEnd(state.done === state.total ? 'The run is done.' : 'The run was interrupted.', state.report);
    }
  };

  asyncbench.ready = follow();
})();
