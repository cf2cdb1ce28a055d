'use strict';

// The charts of a run. `shown` is as run_data.hpp describes it. What is not known has no row.
(() => {
  const { copyOf, distinct, endsOf, leaveOutEmptyLayers, rowsOf } = asyncbench.rows;
  const barPixels = 44;
  const timelineRequests = 32;

  // The cells by concurrency, each with its trials that are drawn; strategies under names that steer no text.
  const cellsOf = ({ strategies, cells, trials: standings }, { scenario, summary, trials }) => {
    const names = new Map((scenario.strategies ?? []).map((text, i) => [text, strategies[i]]));
    const isDrawn = ({ standing }) => ['ok', 'disturbed', 'limited'].includes(standing);
    const drawn = trials.map((trial, at) => ({ ...trial, at, standing: standings[at] })).filter(isDrawn);
    return rowsOf(cells).map(({ cell, ...row }, place) => {
      const { strategy, concurrency, metrics } = summary[cell];
      const isOf = (trial) => trial.strategy === strategy && (trial.every_level || trial.concurrency === concurrency);
      return { ...row, cell, place, metrics, trials: drawn.filter(isOf), strategy: names.get(strategy), concurrency };
    });
  };

  const boundOf = (standing, metric, { bounds }) => (standing === 'limited' ? bounds[metric] : 0);

  // `more` gives fields besides of a cell.
  const metricRows = (shown, cells, metric, scale, more = () => ({})) =>
    cells.flatMap((cell) => {
      const { strategy, concurrency, place, standing, used } = cell;
      const estimate = cell.metrics[metric];
      if (!estimate) return [];
      const [value, low, high] = [estimate.value, ...endsOf(estimate, shown)].map((each) => each / scale);
      const text = shown.texts[metric][place];
      const bound = boundOf(standing, metric, shown);
      return { strategy, concurrency, value, low, high, text, standing, bound, trials: used, ...more(cell) };
    });

  // Without a median of theirs trials have no place beside those of other cells, and the page says so.
  const trialRows = (shown, cells, metric, scale) =>
    cells.filter(({ metrics }) => metrics[metric]).flatMap(({ strategy, concurrency, trials }) =>
      trials.filter((trial) => typeof trial.metrics[metric] === 'number').map(({ repetition, metrics, standing }) => ({
        strategy,
        concurrency,
        block: repetition + 1,
        value: metrics[metric] / scale,
        standing,
        bound: boundOf(standing, metric, shown),
      })),
    );

  // Cells at one concurrency differ a little in the requests they came to, and so in the mean of their delays.
  const idealRows = (levels, { summary }) =>
    levels.flatMap((concurrency) => {
      const cells = summary.filter((cell) => cell.concurrency === concurrency);
      const value = Math.max(0, ...cells.map(({ metrics }) => metrics.ideal_rps?.value ?? 0));
      return value > 0 ? { concurrency, value } : [];
    });

  // Whole decades, as the logarithmic axis of throughput has them.
  const decadesOf = ({ throughput, throughput_trials: trials, ideal, fit }) => {
    const rows = [...throughput, ...trials, ...ideal, ...fit];
    const values = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value > 0);
    const widened = ([low, high], each) => [Math.min(low, Math.floor(each)), Math.max(high, Math.ceil(each))];
    return values.map(Math.log10).reduce(widened, [Infinity, -Infinity]);
  };

  // The names that a chart of throughput has at the right ends of its lines, the topmost first.
  const namesAtEnds = ({ throughput, ideal }) => {
    const last = throughput.at(-1).concurrency;
    const ends = throughput
      .filter((row) => row.value > 0 && row.concurrency === last)
      .map(({ strategy, concurrency, value }) => ({ strategy, label: strategy, concurrency, value }));
    if (ideal.length > 0) ends.push({ label: 'ideal', ...ideal.at(-1) });
    return ends.sort((one, other) => other.value - one.value);
  };

  // Names that would touch each other are stacked. Of a stack, `sum` is of the places that its first name would have by
  // each of them: the mean is as near to all as one place can be.
  const topOf = ({ sum, rows }) => sum / rows.length;
  const stacksOf = (ends, placeOf, namePixels) => {
    const stacks = [];
    for (const end of ends) {
      let stack = { rows: [end], sum: Math.max(placeOf(end), namePixels / 2) };
      while (stacks.length > 0 && topOf(stacks.at(-1)) + stacks.at(-1).rows.length * namePixels > topOf(stack)) {
        const above = stacks.pop();
        const offset = above.rows.length * namePixels;
        stack = { rows: [...above.rows, ...stack.rows], sum: above.sum + stack.sum - offset * stack.rows.length };
      }
      stacks.push(stack);
    }
    return stacks;
  };

  // Names for the right ends of the throughput chart's lines, the ideal's too: `place`, a value on the same logarithmic
  // axis of so many pixels, is as near to the line's end as the others leave room for. Empty where there are too many.
  const endRows = (datasets, pixels) => {
    const namePixels = 15;
    const ends = namesAtEnds(datasets);
    const [least, most] = decadesOf(datasets);
    if (!(most > least) || ends.length * namePixels > pixels) return [];
    const pixelOf = ({ value }) => ((most - Math.log10(value)) / (most - least)) * pixels;
    const valueAt = (pixel) => 10 ** (most - (pixel / pixels) * (most - least));
    return stacksOf(ends, pixelOf, namePixels).flatMap((stack) => {
      const height = (stack.rows.length - 1) * namePixels;
      const first = Math.min(Math.max(topOf(stack), namePixels / 2), Math.max(namePixels / 2, pixels - height));
      return stack.rows.map((row, at) => ({ ...row, place: valueAt(first + at * namePixels) }));
    });
  };

  const keyOf = ({ strategy, concurrency }) => `${concurrency} ${strategy}`;

  // Marks what is in sight of the best cell at its concurrency. An axis that went down to one request after another
  // would show no difference between those that keep all in flight. Trials and intervals are seen with their cell,
  // however far down they reach; what is not below them is in sight then, too.
  const markNear = (cells, trials) => {
    const inSight = 0.9;
    const valuesAt = (level) => cells.filter((row) => row.concurrency === level).map(({ value }) => value);
    const levels = distinct(cells.map(({ concurrency }) => concurrency));
    const least = new Map(levels.map((level) => [level, inSight * Math.max(...valuesAt(level))]));
    const lowest = new Map(cells.map((row) => [keyOf(row), row.low]));
    for (const row of trials) lowest.set(keyOf(row), Math.min(row.value, lowest.get(keyOf(row))));
    let bottom = Infinity;
    const isNear = ({ value, concurrency }) => value >= Math.min(bottom, least.get(concurrency));
    const reach = () => Math.min(...cells.filter(isNear).map((row) => lowest.get(keyOf(row))));
    while (reach() < bottom) bottom = reach();
    for (const row of cells) row.near = isNear(row);
    const nearCells = new Set(cells.filter(isNear).map(keyOf));
    for (const row of trials) row.near = nearCells.has(keyOf(row)) || row.value >= least.get(row.concurrency);
  };

  // Of each cell's first trial the first requests.
  const timelineRows = (cells) =>
    [...cells].sort((one, other) => one.cell - other.cell).flatMap(({ strategy, concurrency, trials }) => {
      const { timeline } = trials.find((trial) => trial.timeline?.id.length > 0) ?? {};
      return (timeline?.id.slice(0, timelineRequests) ?? []).map((id, place) => ({
        strategy,
        concurrency,
        place,
        id,
        intended: timeline.intended_ns[place] / 1e6,
        sent: timeline.sent_ns[place] / 1e6,
        done: timeline.done_ns[place] / 1e6,
      }));
    });

  // The values of which the ratios are made: two of one block are a pair. `of` is the strategy, under another name than
  // elsewhere, as a baseline that is hidden is still one.
  const measuredRows = (shown, cells) =>
    cells.flatMap(({ strategy, concurrency, trials }) =>
      trials.flatMap(({ repetition, metrics, standing }) =>
        shown.measures.filter(({ metric }) => metrics[metric] > 0).map(({ metric, name }) => ({
          of: strategy,
          concurrency,
          measure: name,
          block: repetition + 1,
          measured: metrics[metric],
          standing,
          bound: boundOf(standing, metric, shown),
        })),
      ),
    );

  const driftRows = ({ drift }, cells) => {
    const drawn = cells.flatMap(({ strategy, trials }) => trials.map((trial) => [trial.at, { ...trial, strategy }]));
    const trialAt = new Map(drawn);
    return rowsOf(drift).map(({ trial, ...row }) => {
      const { strategy, concurrency, order, repetition, standing } = trialAt.get(trial);
      return { ...row, strategy, concurrency, order: order + 1, block: repetition + 1, standing };
    });
  };

  // A chart's specification for this run, with its rows in `datasets`. One that is not here is a metricChart().
  const chartOf = {
    // With one concurrency there is nothing to draw a line over, and a chart with steps would not fit its container.
    throughput({ shown, result, cells, datasets, levels }) {
      const chart = copyOf(levels.length < 2 ? 'throughput-single' : 'throughput');
      const ofIdeal = ({ place }) => ({ of_ideal: shown.texts.of_ideal[place] });
      Object.assign(datasets, {
        throughput: metricRows(shown, cells, 'throughput_rps', 1, ofIdeal),
        throughput_trials: trialRows(shown, cells, 'throughput_rps', 1),
        ideal: idealRows(levels, result),
        fit: rowsOf(shown.fit),
      });
      if (levels.length < 2) chart.height = shown.strategies.length * barPixels;
      else datasets.ends = endRows(datasets, chart.height);
      leaveOutEmptyLayers(chart, datasets);
      return chart;
    },

    ratios({ shown, cells, datasets }) {
      const chart = copyOf('ratios');
      const param = (name) => chart.params.find((each) => each.name === name);
      const least = param('least_near').value;
      const sides = Object.fromEntries(shown.measures.map(({ name, better }) => [name, better]));
      const isNear = ({ value }) => value >= least && value <= 1 / least;
      const rows = rowsOf(shown.ratios).map((row) => ({ ...row, better: sides[row.measure], near: isNear(row) }));
      // The axis shows small differences at first where there are such.
      const isFirst = ({ base, measure, concurrency }) =>
        base === shown.best && measure === rows[0].measure && concurrency === rows.at(-1).concurrency;
      if (!rows.some((row) => isFirst(row) && row.near)) param('axis').value = param('axis').bind.options[1];
      chart.height = (shown.strategies.length - 0.5) * barPixels;
      Object.assign(datasets, { ratios: rows, measured: measuredRows(shown, cells) });
      return chart;
    },

    timeline({ shown, cells, datasets }) {
      const lanePixels = 2.6;
      const chart = copyOf('timeline');
      const { value: between } = chart.params.find(({ name }) => name === 'lanes_between');
      chart.height = Math.round(shown.strategies.length * (timelineRequests + between) * lanePixels);
      datasets.timeline = timelineRows(cells);
      return chart;
    },

    drift({ shown, cells, datasets }) {
      const chart = copyOf('drift');
      const title = `${shown.ranked}, from its cell's median`;
      chart.description = `${shown.ranked} ${chart.description}`;
      for (const { encoding } of chart.layer) if (encoding.y.axis) encoding.y.axis.title = title;
      datasets.drift = driftRows(shown, cells);
      return chart;
    },

    latency: (data) => latencyChart(data, 'latency', 'y'),
    distribution: (data) => latencyChart(data, 'distribution', 'x'),
  };

  // Where a closed loop makes service and response time the same, one line is drawn, and `axis` says which.
  const latencyChart = ({ shown, datasets }, name, axis) => {
    const chart = copyOf(name);
    if (!shown.has_response_times) {
      chart.encoding[axis].axis.title = 'Service time in milliseconds (log scale)';
      for (const param of chart.params) if (param.name === 'kinds') param.value = 1;
    }
    datasets[name] = rowsOf(shown[name]);
    return chart;
  };

  // One specification serves many metrics: it has `cells` and `trials` for the datasets of this one.
  const metricChart = ({ shown, cells, datasets }, { name, specification, heading, metric, axis, scale }) => {
    const chart = copyOf(specification);
    for (const { data } of chart.layer) {
      if (data?.name === 'cells') data.name = name;
      if (data?.name === 'trials') data.name = `${name}_trials`;
    }
    chart.usermeta.main = name;
    chart.encoding.y.axis.title = axis;
    // What a screen reader says of the chart.
    chart.description = `${heading} (${axis}) of every cell: each trial a dot, the median with its interval.`;
    datasets[name] = metricRows(shown, cells, metric, scale);
    datasets[`${name}_trials`] = trialRows(shown, cells, metric, scale);
    if (name === 'share') markNear(datasets[name], datasets[`${name}_trials`]);
    return chart;
  };

  asyncbench.rows.pages.run = (shown, result) => {
    const levels = distinct(result.summary.map(({ concurrency }) => concurrency)).sort((one, other) => one - other);
    const data = { shown, result, levels, cells: cellsOf(shown, result), datasets: {} };
    const chartFor = (figure) => chartOf[figure.name]?.(data) ?? metricChart(data, figure);
    // Those that have a caption are on the page.
    const figures = asyncbenchCharts.figures.filter(({ name }) => name in shown.captions);
    const charts = Object.fromEntries(figures.map((figure) => [figure.name, chartFor(figure)]));
    return { levels, charts, datasets: data.datasets };
  };
})();
