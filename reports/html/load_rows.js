'use strict';

// The charts of a load. `shown` is as load_data.hpp describes it.
(() => {
  const { copyOf, distinct, rowsOf } = asyncbench.rows;
  const [mostSymbols, stripPixels, aroundPixels] = [60, 46, 30];
  const percentiles = ['p50', 'p90', 'p99', 'max'];

  // The seconds of a trial with how much of each was measured. The last may be cut off, and says little if it is short.
  const measuredSeconds = ({ load, metrics }) => {
    const seconds = load.seconds.map((second) => {
      const span = Math.min(1, metrics.elapsed_ns / 1e9 - second.second);
      return { ...second, span, end: second.second + span };
    });
    return seconds.length > 1 ? seconds.filter(({ span }) => span >= 0.5) : seconds;
  };

  const sumOf = (parts, key) => parts.reduce((sum, part) => sum + part[key], 0);

  // So many seconds as a point stands for, in their middle: the mean of rates, the highest of times.
  const pointOf = (parts) => {
    const span = sumOf(parts, 'span');
    const highest = (name) => Math.max(...parts.map((part) => part[`${name}_ns`] ?? 0));
    return {
      second: (parts[0].second + parts.at(-1).end) / 2,
      answered: sumOf(parts, 'answered') / span,
      errors: sumOf(parts, 'errors') / span,
      times: Object.fromEntries(percentiles.map((name) => [name, highest(name)])),
    };
  };

  const pointsOf = (trial, secondsAPoint) => {
    const seconds = measuredSeconds(trial);
    const starts = seconds.map((_, i) => i).filter((i) => i % secondsAPoint === 0);
    return starts.map((at) => pointOf(seconds.slice(at, at + secondsAPoint)));
  };

  // Of all trials; `rowsOfPoint` makes rows of a point.
  const overTime = (points, rowsOfPoint) =>
    points.flatMap(({ trial, points: own }) => own.flatMap((point) => rowsOfPoint(point).map((row) => ({ trial, second: point.second, ...row }))));

  const timesOf = ({ times }) =>
    percentiles.filter((name) => times[name] > 0).map((name) => ({ strategy: name, milliseconds: times[name] / 1e6 }));

  const datasetsOf = (shown, { trials }) => {
    const measured = trials.map((each, i) => ({ ...each, trial: i + 1 })).filter(({ load }) => load?.seconds.length > 0);
    const points = measured.map((each) => ({ trial: each.trial, points: pointsOf(each, shown.seconds_a_point) }));
    const offered = points.flatMap(({ trial }) => rowsOf(shown.offered).map((row) => ({ trial, strategy: 'offered', ...row })));
    return {
      rate: [...overTime(points, ({ answered }) => [{ strategy: 'answered', value: answered }]), ...offered],
      times: overTime(points, timesOf),
      errors: overTime(points, ({ errors }) => [{ strategy: 'errors', value: errors }]),
      latency: rowsOf(shown.latency),
      distribution: rowsOf(shown.distribution),
      phases: rowsOf(shown.phases),
      generator: rowsOf(shown.generator),
      search: rowsOf(shown.search),
      answer: shown.answer === null ? [] : [{ answer: shown.answer }],
    };
  };

  // Of one trial there is nothing to choose. Symbols of many points would hide their line.
  const overTimeChart = (name, datasets) => {
    const chart = copyOf(`load-${name}`);
    const trials = distinct(datasets[name].map(({ trial }) => trial));
    const [param] = chart.params;
    if (trials.length < 2) chart.params = [{ name: param.name, value: trials[0] }];
    const symbols = chart.layer.find(({ mark }) => mark.type === 'point');
    if (symbols && datasets[name].filter(({ trial }) => trial === trials[0]).length > mostSymbols * percentiles.length) symbols.mark.opacity = 0;
    return chart;
  };

  // As a run's, of one cell.
  const latencyChart = (name, axis, { has_response_times: hasBoth, concurrency }) => {
    const chart = copyOf(name);
    chart.params = chart.params.map((param) => (param.name === 'concurrency' ? { name: param.name, value: concurrency } : param));
    if (!hasBoth) {
      chart.encoding[axis].axis.title = 'Service time in milliseconds (log scale)';
      chart.params.find((param) => param.name === 'kinds').value = 1;
    }
    for (const { encoding } of chart.layer) {
      encoding.tooltip = encoding.tooltip?.filter(({ field }) => !['strategy', 'concurrency'].includes(field));
    }
    return chart;
  };

  // One specification serves both.
  const spreadChart = (name, datasets, description) => {
    const chart = copyOf('load-spread');
    chart.data.name = name;
    chart.description = description;
    chart.height = aroundPixels + stripPixels * distinct(datasets[name].map(({ time }) => time)).length;
    return chart;
  };

  const searchChart = ({ answer }) => {
    const chart = copyOf('load-search');
    if (answer === null) chart.layer = chart.layer.filter(({ data }) => data?.name !== 'answer');
    return chart;
  };

  asyncbench.rows.pages.load = (shown, result) => {
    const datasets = datasetsOf(shown, result);
    const chartOf = {
      search: () => searchChart(shown),
      rate: () => overTimeChart('rate', datasets),
      times: () => overTimeChart('times', datasets),
      errors: () => overTimeChart('errors', datasets),
      latency: () => latencyChart('latency', 'y', shown),
      distribution: () => latencyChart('distribution', 'x', shown),
      phases: () => spreadChart('phases', datasets, 'Percentiles of each phase of requests and connections.'),
      generator: () => spreadChart('generator', datasets, 'Percentiles of what the load generator added.'),
    };
    const drawn = Object.keys(chartOf).filter((name) => name in shown.captions);
    return { charts: Object.fromEntries(drawn.map((name) => [name, chartOf[name]()])), datasets };
  };
})();
