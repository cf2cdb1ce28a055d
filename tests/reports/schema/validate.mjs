// validate.mjs SCHEMA DOCUMENT...: a line for each document: "valid", or "invalid" and why.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../reports/web/package.json', import.meta.url));
const Ajv = require('ajv/dist/2020').default;

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const [schema, ...documents] = process.argv.slice(2);
const validate = new Ajv({ allErrors: false, allowUnionTypes: true }).compile(read(schema));
for (const path of documents) {
  const [error] = validate(read(path)) ? [] : validate.errors;
  console.log(error ? `invalid ${error.instancePath} ${error.message}` : 'valid');
}
