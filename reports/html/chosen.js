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
