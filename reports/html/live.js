'use strict';

// Follows a run: asks the server for what is new, and puts the report so far in the place of the one before.
(() => {
  const element = (id) => document.getElementById(id);

  // What a reader has opened or stands on, by its figure or section and its words: of those that are alike on a page
  // each is its own.
  const placeOf = (node) =>
    node.closest('figure')?.querySelector('[data-chart]')?.dataset.chart ??
    node.closest('section')?.getAttribute('aria-labelledby');
  const keyOf = (node) => {
    const name = node.getAttribute('aria-label') ?? node.getAttribute('href') ?? node.name ?? '';
    return [placeOf(node), node.tagName, name, node.textContent].join('\n');
  };
  const keyOfDetails = (details) => keyOf(details.querySelector(':scope > summary'));

  const hasChart = (node) =>
    node instanceof Element && (node.matches('[data-chart]') || node.querySelector('[data-chart]') !== null);

  const parse = (markup) => {
    const template = document.createElement('template');
    template.innerHTML = markup;
    return template.content.querySelector('article');
  };

  // Each state of the run is an article. Charts that were drawn stay where they are, and get the new data.
  class LiveResult extends asyncbench.Result {
    datasets = null; // of charts that are drawn

    async replace(markup) {
      try {
        const article = parse(markup);
        await this.replaceDrawn(article, await this.dataOf(article));
      } catch (error) {
        this.replaceUndrawn(parse(markup), error);
      }
    }

    // Where charts cannot be drawn, words and tables of each state are shown all the same.
    replaceUndrawn(article, error) {
      this.endViews();
      this.datasets = null;
      element('live-report').replaceChildren(article);
      asyncbench.tellUndrawn(article.querySelectorAll('[data-chart]'), error);
      if (this.article !== null) this.keepOpen(article);
      this.article = article;
    }

    endViews() {
      Object.values(this.views).forEach((view) => view.finalize());
      this.views = {};
    }

    async replaceDrawn(article, data) {
      const grows = this.datasets !== null && LiveResult.shapeOf(data) === LiveResult.shapeOf(this);
      for (const details of article.querySelectorAll('details.fold')) details.open = false;
      const focused = this.article?.contains(document.activeElement) ? keyOf(document.activeElement) : null;
      if (this.article !== null) this.keepOpen(article);
      const chosen = grows ? {} : this.chosen();
      Object.assign(this, data);
      asyncbench.theme.assign(this.strategies);
      if (grows) {
        LiveResult.graft(this.article, article);
        await asyncbench.chart.refresh(this);
      } else {
        if (this.article !== null) article.style.minHeight = `${this.article.offsetHeight}px`;
        element('live-report').replaceChildren(article);
        this.article = article;
        await this.drawAgain(chosen);
      }
      this.focusAgain(focused);
    }

    // What charts, their legends and choices are made for: with more of it they are drawn anew.
    static shapeOf({ strategies, levels, charts, datasets }) {
      const distinct = (rows, field) => [...new Set(rows.map((row) => row[field]))];
      const inEach = Object.entries(datasets).map(([name, rows]) => [
        name, ...['strategy', 'concurrency', 'base', 'measure'].map((field) => distinct(rows, field)),
      ]);
      return JSON.stringify([strategies, levels, charts, inEach]);
    }

    async drawAgain(chosen) {
      this.endViews();
      await this.drawFigures(chosen);
      this.openAgain(this.article); // tables of data are made with their charts
      this.offered = this.choices();
      for (const [name, values] of Object.entries(chosen))
        for (const param of Object.keys(values)) delete this.offered[name]?.[param];
      this.article.style.minHeight = '';
    }

    choices() {
      return Object.fromEntries(Object.keys(this.views).map((name) => [name, asyncbench.chart.choices(this, name)]));
    }

    // What the reader chose, and no default: that follows the run.
    chosen() {
      const ofChart = ([name, values]) => {
        const isChosen = ([param, value]) => value !== this.offered[name]?.[param];
        return [name, Object.fromEntries(Object.entries(values).filter(isChosen))];
      };
      return Object.fromEntries(Object.entries(this.choices()).map(ofChart));
    }

    // Puts what the new article says into the old one, around figures that are drawn: a node that is moved would lose
    // its focus and close its list.
    static graft(old, next) {
      if (old.matches('figure')) return LiveResult.renewWords(old, next);
      const drawn = [...old.childNodes].filter(hasChart);
      for (const child of [...old.childNodes]) if (!hasChart(child)) child.remove();
      let at = 0;
      for (const child of [...next.childNodes]) {
        if (hasChart(child)) LiveResult.graft(drawn[at++], child);
        else if (at < drawn.length) drawn[at].before(child);
        else old.append(child);
      }
    }

    static renewWords(figure, next) {
      const words = ':scope > .left-out, :scope > figcaption, :scope > details:not(.data)';
      const old = [...figure.querySelectorAll(words)];
      old[0].before(...next.querySelectorAll(words));
      old.forEach((each) => each.remove());
    }

    // Nothing that was opened closes, and nothing else opens.
    keepOpen(article) {
      this.open = new Map([...this.article.querySelectorAll('details')].map((each) => [keyOfDetails(each), each.open]));
      this.openAgain(article);
    }

    openAgain(article) {
      for (const details of article.querySelectorAll('details'))
        details.open = this.open?.get(keyOfDetails(details)) ?? details.open;
    }

    focusAgain(key) {
      if (key === null || this.article.contains(document.activeElement)) return;
      const able = [...this.article.querySelectorAll('summary, a, button, select, input, [tabindex]')];
      able.find((each) => keyOf(each) === key)?.focus({ preventScroll: true });
    }
  }

  const result = new LiveResult(null);
  asyncbench.results = [result];

  const tellProgress = ({ done, total, unit, running, left }) => {
    if (total === undefined) return;
    element('live-progress').max = total;
    element('live-progress').value = done;
    const now = running ? `; now ${running}` : '';
    element('live-now').textContent = `${done} of ${total} ${unit} done${left && running ? `, ${left}` : ''}${now}.`;
  };

  // The report has a name once it is written.
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

  // By which the server knows who has heard of the end.
  const [page] = crypto.getRandomValues(new Uint32Array(1));

  const ask = async (seen) => {
    try {
      const response = await fetch(`state?after=${seen.version}&article=${seen.article_version}&page=${page}`);
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
      if (state === null)
        return tellEnd('The run has ended, or was stopped, before this page had heard all of it.', seen.report);
      seen = { ...seen, ...state };
      tellProgress(state);
      if (state.article) await result.replace(state.article);
      if (state.ended)
        return tellEnd(state.done === state.total ? 'The run is done.' : 'The run was interrupted.', state.report);
    }
  };

  asyncbench.ready = follow();
})();
