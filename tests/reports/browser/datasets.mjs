// datasets.mjs PAGE.html: what the first result of a page has to draw, `charts` and `datasets` as JSON, by the page's own
// scripts without a browser.
import { readFileSync, readdirSync } from 'node:fs';
import vm from 'node:vm';

const reports = new URL('../../../reports/', import.meta.url);
const read = (path) => readFileSync(new URL(path, reports), 'utf8');
const html = readFileSync(process.argv[2], 'utf8');

const charts = { figures: JSON.parse(read('charts/figures.json')) };
for (const name of readdirSync(new URL('charts/', reports)).filter((each) => each.endsWith('.vl.json'))) {
  charts[name.replace('.vl.json', '')] = JSON.parse(read(`charts/${name}`));
}
const globals = { Blob, CompressionStream, DecompressionStream, Response, TextDecoder, asyncbenchCharts: charts, structuredClone };
const document = { documentElement: { classList: { add() {} } }, getElementById: () => null };
const page = vm.createContext({ ...globals, document });
page.window = page;
for (const script of ['unpack.js', 'rows.js', 'run_rows.js', 'load_rows.js']) vm.runInContext(read(`html/${script}`), page);

const [, packed] = /<script type="application\/gzip" id="[\w-]+-json">([^<]*)</.exec(html);
const { shown, result } = await page.asyncbench.unpackData(packed);
const { charts: drawn, datasets } = page.asyncbench.rows.of(shown, result);
console.log(JSON.stringify({ charts: drawn, datasets }));
