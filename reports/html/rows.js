'use strict';

// What charts draw, made of what a page holds: `result`, the JSON of the command, and `shown`, what C++ decided besides
// (run_data.hpp, gate_page.cpp, pitfalls_page.cpp). Gives `strategies` and `levels` in their order, `charts` as
// specifications by the name of their place, and `datasets`, lists of flat rows by the names that specifications ask for.
// What is not known has no row.
(() => {
  const rowsOf = (columns) => {
    const keys = Object.keys(columns);
    return columns[keys[0]].map((_, i) => Object.fromEntries(keys.map((key) => [key, columns[key][i]])));
  };
  const distinct = (values) => [...new Set(values)];
  const copyOf = (name) => structuredClone(asyncbenchCharts[name]);

  // Vega warns of an axis that a layer without rows would have.
  const leaveOutEmptyLayers = (chart, datasets) => {
    const draws = ({ data, transform }) => {
      if (!data?.name) return true;
      const rows = datasets[data.name] ?? [];
      return transform?.[0].filter === 'datum.bound > 0' ? rows.some(({ bound }) => bound > 0) : rows.length > 0;
    };
    chart.layer = chart.layer.filter(draws);
  };

  // The cells of a run by concurrency, each with its trials that are drawn; strategies under names that steer no text.
  const cellsOf = ({ strategies, cells, trials: standings }, { scenario, summary, trials }) => {
    const names = new Map((scenario.strategies ?? []).map((text, i) => [text, strategies[i]]));
    const drawn = trials.map((trial, at) => ({ ...trial, at, standing: standings[at] })).filter(({ standing }) => standing !== 'wrong');
    return rowsOf(cells).map(({ cell, ...row }, place) => {
      const { strategy, concurrency, metrics } = summary[cell];
      const isOf = (trial) => trial.strategy === strategy && (trial.every_level || trial.concurrency === concurrency);
      return { ...row, cell, place, metrics, trials: drawn.filter(isOf), strategy: names.get(strategy), concurrency };
    });
  };

  // Both ends at the value where there is no interval to show.
  const endsOf = ({ value, low, high, confidence }, shown) => (confidence < shown.least_confidence ? [value, value] : [low, high]);

  const metricRows = (shown, cells, metric, scale) =>
    cells.flatMap(({ strategy, concurrency, place, metrics, standing, used }) => {
      const estimate = metrics[metric];
      if (!estimate) return [];
      const { value } = estimate;
      const [low, high] = endsOf(estimate, shown);
      const bound = standing === 'limited' ? shown.bounds[metric] : 0;
      const row = { strategy, concurrency, value: value / scale, low: low / scale, high: high / scale, text: shown.texts[metric][place], standing, bound, trials: used };
      return metric === 'throughput_rps' ? { ...row, of_ideal: shown.texts.of_ideal[place] } : row;
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
        bound: standing === 'limited' ? shown.bounds[metric] : 0,
      })),
    );

  // Cells at one concurrency differ a little in the requests they came to, and so in the mean of their delays.
  const idealRows = (levels, { summary }) =>
    levels.flatMap((concurrency) => {
      const ideals = summary.filter((cell) => cell.concurrency === concurrency).map(({ metrics }) => metrics.ideal_rps?.value ?? 0);
      const value = Math.max(0, ...ideals);
      return value > 0 ? { concurrency, value } : [];
    });

  // The scalability law over what was measured, evenly spaced on a logarithmic axis.
  const fitRows = (fits) =>
    fits.flatMap(({ strategy, lowest, highest, lambda, sigma, kappa }) =>
      Array.from({ length: 41 }, (_, step) => {
        const concurrency = lowest * (highest / lowest) ** (step / 40);
        const value = (lambda * concurrency) / (1 + sigma * (concurrency - 1) + kappa * concurrency * (concurrency - 1));
        return { strategy, concurrency, value };
      }),
    );

  // Names for the right ends of the throughput chart's lines, the ideal's too: `place`, a value on the same logarithmic
  // axis of so many pixels, is as near to the line's end as the others leave room for. Empty where there are too many.
  const endRows = ({ throughput, throughput_trials: trials, ideal, fit }, pixels) => {
    const namePixels = 15;
    const last = throughput.at(-1).concurrency;
    const ends = throughput.filter((row) => row.value > 0 && row.concurrency === last)
      .map(({ strategy, concurrency, value }) => ({ strategy, label: strategy, concurrency, value }));
    if (ideal.length > 0) ends.push({ label: 'ideal', ...ideal.at(-1) });
    ends.sort((one, other) => other.value - one.value);
    const decades = [...throughput, ...trials, ...ideal, ...fit]
      .flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value > 0).map(Math.log10);
    // Whole decades, as the axis has them.
    const [least, most] = decades.reduce(([low, high], each) => [Math.min(low, Math.floor(each)), Math.max(high, Math.ceil(each))], [Infinity, -Infinity]);
    if (!(most > least) || ends.length * namePixels > pixels) return [];
    const top = ({ sum, rows }) => sum / rows.length;
    // Names that touch each other are stacked; `sum` is of the places that the first of them would have by each.
    const stacks = [];
    for (const end of ends) {
      const place = ((most - Math.log10(end.value)) / (most - least)) * pixels;
      let stack = { rows: [end], sum: Math.max(place, namePixels / 2) };
      while (stacks.length > 0 && top(stacks.at(-1)) + stacks.at(-1).rows.length * namePixels > top(stack)) {
        const above = stacks.pop();
        const offset = above.rows.length * namePixels;
        stack = { rows: [...above.rows, ...stack.rows], sum: above.sum + stack.sum - offset * stack.rows.length };
      }
      stacks.push(stack);
    }
    return stacks.flatMap((stack) => {
      const height = (stack.rows.length - 1) * namePixels;
      const first = Math.min(Math.max(top(stack), namePixels / 2), Math.max(namePixels / 2, pixels - height));
      return stack.rows.map((row, at) => ({ ...row, place: 10 ** (most - ((first + at * namePixels) / pixels) * (most - least)) }));
    });
  };

  // Marks what is in sight of the best cell at its concurrency. An axis that went down to one request after another would
  // show no difference between those that keep all in flight. Trials are seen with their cell, however far off they are.
  const markNear = (cells, trials) => {
    const inSight = 0.9;
    const best = (concurrency) => Math.max(...cells.filter((row) => row.concurrency === concurrency).map(({ value }) => value));
    const least = new Map(distinct(cells.map(({ concurrency }) => concurrency)).map((level) => [level, inSight * best(level)]));
    const isNear = ({ value, concurrency }) => value >= least.get(concurrency);
    const keyOf = ({ strategy, concurrency }) => `${concurrency} ${strategy}`;
    const nearCells = new Set(cells.filter(isNear).map(keyOf));
    for (const row of cells) row.near = isNear(row);
    for (const row of trials) row.near = isNear(row) || nearCells.has(keyOf(row));
  };

  // Of each cell's first trial the first requests.
  const timelineRows = (cells) => {
    const requests = 32;
    return [...cells].sort((one, other) => one.cell - other.cell).flatMap(({ strategy, concurrency, trials }) => {
      const { timeline } = trials.find((trial) => trial.timeline?.id.length > 0) ?? {};
      return (timeline?.id.slice(0, requests) ?? []).map((id, place) => ({
        strategy,
        concurrency,
        place,
        id,
        intended: timeline.intended_ns[place] / 1e6,
        sent: timeline.sent_ns[place] / 1e6,
        done: timeline.done_ns[place] / 1e6,
      }));
    });
  };

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
          bound: standing === 'limited' ? shown.bounds[metric] : 0,
        })),
      ),
    );

  const driftRows = ({ drift }, cells) => {
    const known = new Map(cells.flatMap(({ strategy, trials }) => trials.map((trial) => [trial.at, { ...trial, strategy }])));
    return rowsOf(drift).map(({ trial, bound, ...row }) => {
      const { strategy, concurrency, order, repetition, standing } = known.get(trial);
      return { ...row, strategy, concurrency, order: order + 1, block: repetition + 1, standing, bound };
    });
  };

  // A chart's specification for this run, with its rows in `datasets`.
  const chartOf = {
    // With one concurrency there is nothing to draw a line over, and a chart with steps would not fit its container.
    throughput({ shown, result, cells, datasets, levels }) {
      const chart = copyOf(levels.length < 2 ? 'throughput-single' : 'throughput');
      Object.assign(datasets, {
        throughput: metricRows(shown, cells, 'throughput_rps', 1),
        throughput_trials: trialRows(shown, cells, 'throughput_rps', 1),
        ideal: idealRows(levels, result),
        fit: fitRows(shown.fits),
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
      const rows = rowsOf(shown.ratios).map((row) => ({ ...row, better: sides[row.measure], near: row.value >= least && row.value <= 1 / least }));
      // The axis shows small differences at first where there are such.
      const isFirst = (row) => row.base === shown.best && row.measure === rows[0].measure && row.concurrency === rows.at(-1).concurrency;
      if (!rows.some((row) => isFirst(row) && row.near)) param('axis').value = param('axis').bind.options[1];
      chart.height = (shown.strategies.length - 0.5) * barPixels;
      Object.assign(datasets, { ratios: rows, measured: measuredRows(shown, cells) });
      return chart;
    },

    timeline({ shown, cells, datasets }) {
      const [requests, lanePixels] = [32, 2.6];
      const chart = copyOf('timeline');
      const { value: between } = chart.params.find(({ name }) => name === 'lanes_between');
      chart.height = Math.round(shown.strategies.length * (requests + between) * lanePixels);
      datasets.timeline = timelineRows(cells);
      return chart;
    },

    drift({ shown, cells, datasets }) {
      const chart = copyOf('drift');
      chart.description = `${shown.ranked} ${chart.description}`;
      for (const { encoding } of chart.layer) if (encoding.y.axis) encoding.y.axis.title = `${shown.ranked}, from its cell's median`;
      datasets.drift = driftRows(shown, cells);
      return chart;
    },

    latency: (data) => latencyChart(data, 'latency', 'y'),
    distribution: (data) => latencyChart(data, 'distribution', 'x'),
  };
  const barPixels = 44;

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

  const ofRun = (shown, result) => {
    const levels = distinct(result.summary.map(({ concurrency }) => concurrency)).sort((one, other) => one - other);
    const data = { shown, result, levels, cells: cellsOf(shown, result), datasets: {} };
    // Those that have a caption are on the page.
    const figures = asyncbenchCharts.figures.filter(({ name }) => name in shown.captions);
    const charts = Object.fromEntries(figures.map((figure) => [figure.name, figure.metric ? metricChart(data, figure) : chartOf[figure.name](data)]));
    return { levels, charts, datasets: data.datasets };
  };

  // Strips below each other, each under its words, of which a narrow page has room for several lines.
  const ofGate = (shown, result) => {
    const [linePixels, stripPixels, betweenPixels] = [15, 30, 8];
    const datasets = { ratios: [], pairs: [], limits: [], drift: [] };
    let height = 0;
    for (const { of, name, verdict, verdict_text, base, head, ratio: text, limits } of shown.lines) {
      const words = [...wrapped(`${verdict_text} · ${name}`, narrowLetters), text];
      const top = height + words.length * linePixels + betweenPixels;
      const bottom = top + stripPixels;
      const { ratio, ratios } = result.lines[of];
      const [low, high] = endsOf(ratio, shown);
      datasets.ratios.push({ line: name, label: `${verdict_text} · ${name} · ${text}`, lines: words, top, bottom, value: ratio.value, low, high, base, head, ratio: text, verdict, verdict_text });
      ratios.forEach((pair, i) => {
        // What is 0 has no place on a logarithmic axis.
        if (pair > 0) datasets.pairs.push({ line: name, pair: i + 1, ratio: pair, place: top + ((i + 0.5) / ratios.length) * stripPixels, verdict });
      });
      datasets.limits.push(...limits.map((limit) => ({ ...limit, top, bottom })));
      height = bottom + betweenPixels;
    }
    datasets.drift = (result.control?.drift ?? []).map((value, i) => ({ trial: i + 1, value }));
    const ratios = copyOf('gate-ratios');
    ratios.height = Math.round(height);
    ratios.encoding.y.scale.domain = [0, height];
    leaveOutEmptyLayers(ratios, datasets);
    return { levels: [], charts: { ratios, drift: copyOf('gate-drift') }, datasets };
  };

  // Titles and notes as a narrow page has them stand on the row that has the note.
  const ofPitfalls = ({ rows }) => {
    const [symbolPixels, wordsPixels, linePixels, letterPixels, beside] = [36, 32, 15, 8, 80];
    const pitfalls = rows.map((row) => (row.note ? { ...row, lines: [...wrapped(row.title, narrowLetters), ...wrapped(row.note, narrowLetters)] } : row));
    const datasets = {
      pitfalls,
      drawn: pitfalls.filter(({ value }) => value !== null),
      lost: pitfalls.filter(({ lost }) => lost).map((row) => ({ ...row, from: 1 })),
    };
    const chart = copyOf('pitfalls');
    const count = distinct(rows.map(({ pitfall }) => pitfall)).length;
    const words = Math.max(wordsPixels, ...pitfalls.map(({ lines }) => (lines?.length ?? 0) * linePixels));
    const longest = Math.max(0, ...rows.flatMap(({ title, note }) => [[...title].length, [...note].length]));
    chart.height = count * (wordsPixels + symbolPixels);
    chart.usermeta.narrow = { below: longest * letterPixels + beside, words, height: count * (words + symbolPixels) };
    leaveOutEmptyLayers(chart, datasets);
    return { levels: [], charts: { pitfalls: chart }, datasets };
  };

  // Letters that a chart on a page of 390 pixels has room for.
  const narrowLetters = 38;

  // Lines of at most so many letters, broken between words; a longer word is broken where it has to be.
  const wrapped = (text, letters) => {
    const lines = [''];
    for (const word of text.split(' ').flatMap((each) => each.match(new RegExp(`.{1,${letters}}`, 'gsu')) ?? [])) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if ([...line].length <= letters) lines[lines.length - 1] = line;
      else lines.push(word);
    }
    return lines;
  };

  const ofPage = { run: ofRun, gate: ofGate, pitfalls: ofPitfalls };

  asyncbench.rows = { of: (shown, result) => ({ ...shown, ...ofPage[shown.page](shown, result) }), wrapped };
})();
