'use strict';

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
  const dashesOf = (spec, { again }) =>
    again && spec.params?.some(({ name }) => name === 'again') ? '5 2 1 2' : 'none';

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
