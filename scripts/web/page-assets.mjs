// page-assets.mjs DIRECTORY: writes what pages hold, joined from reports/html, reports/charts and npm's Vega.
//
//   page.css            the style that all pages share
//   head.js, page.js    scripts that stand in a page as they are, at its head and at its end
//   drawing.js          Vega, the charts' specifications and what draws them, which a page holds compressed
//   script-sources.txt  the hashes of the three, as `script-src` of a Content-Security-Policy has them
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const [, , directory] = process.argv;
const read = (path) => readFileSync(new URL(`../../reports/${path}`, import.meta.url), 'utf8');
const joined = (folder, names) => names.map((name) => `${read(`${folder}/${name}`)}\n`).join('');

const charts = { figures: JSON.parse(read('charts/figures.json')) };
for (const file of readdirSync(new URL('../../reports/charts/', import.meta.url)).sort()) {
  const [, name] = /^(.*)\.vl\.json$/.exec(file) ?? [];
  if (name) charts[name] = JSON.parse(read(`charts/${file}`));
}
const vega = ['vega', 'vega-lite', 'vega-embed'].map((name) => `${name}/build/${name}.min.js`);

const scripts = {
  'head.js': joined('html', ['head.js']),
  'drawing.js':
    joined('web/node_modules', vega) +
    `window.asyncbenchCharts = ${JSON.stringify(charts)};\n` +
    joined('html', ['look.js', 'rows.js', 'chart.js', 'figure.js']),
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
