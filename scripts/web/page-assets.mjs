// page-assets.mjs DIRECTORY: writes what pages hold, joined from reports/html, reports/charts and npm's Vega.
//
//   page.css            the style that all pages share
//   head.js, page.js    scripts that stand in a page as they are, at its head and at its end
//   drawing.js          Vega, the charts' specifications and what draws them, which a page holds compressed
//   script-sources.txt  the hashes of the three, as `script-src` of a Content-Security-Policy has them
//   inputs.d            the files that these are made of, as a rule of make, by which the build knows when to join anew
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [, , directory] = process.argv;
const inputs = [];
const read = (path) => {
  const file = fileURLToPath(new URL(`../../reports/${path}`, import.meta.url));
  inputs.push(file);
  return readFileSync(file, 'utf8');
};
const joined = (folder, names) => names.map((name) => `${read(`${folder}/${name}`)}\n`).join('');

const charts = { figures: JSON.parse(read('charts/figures.json')) };
for (const file of readdirSync(new URL('../../reports/charts/', import.meta.url)).sort()) {
  const [, name] = /^(.*)\.vl\.json$/.exec(file) ?? [];
  if (name) charts[name] = JSON.parse(read(`charts/${file}`));
}
const vega = ['vega', 'vega-lite', 'vega-embed'].map((name) => `${name}/build/${name}.min.js`);

const rows = ['rows.js', 'run_rows.js', 'gate_rows.js', 'pitfall_rows.js', 'load_rows.js'];
const aroundCharts = ['chosen.js', 'legend.js', 'data_table.js', 'save.js'];

const scripts = {
  'head.js': joined('html', ['head.js']),
  'drawing.js':
    joined('web/node_modules', vega) +
    `window.asyncbenchCharts = ${JSON.stringify(charts)};\n` +
    joined('html', ['theme.js', 'short_names.js', ...rows, 'chart.js', ...aroundCharts]),
  'page.js': `\n${joined('html', ['unpack.js', 'report.js'])}`,
};
const files = {
  ...scripts,
  'page.css': joined('html', ['colours.css', 'page.css', 'figures.css']),
  'script-sources.txt': Object.values(scripts)
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' '),
};
for (const [name, text] of Object.entries(files)) writeFileSync(`${directory}/${name}`, text);

const asInMake = (path) => path.replace(/[ #\\]/g, '\\$&').replaceAll('$', '$$$$');
const outputs = Object.keys(files).map((name) => `${directory}/${name}`);
writeFileSync(`${directory}/inputs.d`, `${outputs.map(asInMake).join(' ')}: ${inputs.map(asInMake).join(' ')}\n`);
