// validate.mjs SCHEMA DOCUMENT...: a line for each document: "valid", or "invalid" and why. The schemas beside SCHEMA
// are known by their $id, so that it may refer to them.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(new URL('../../../reports/web/package.json', import.meta.url));
const Ajv = require('ajv/dist/2020').default;

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const [schema, ...documents] = process.argv.slice(2);
const ajv = new Ajv({ allErrors: false, allowUnionTypes: true });
for (const name of readdirSync(dirname(schema))) {
  if (name.endsWith('.schema.json')) ajv.addSchema(read(join(dirname(schema), name)));
}
const validate = ajv.getSchema(read(schema).$id);
for (const path of documents) {
  const [error] = validate(read(path)) ? [] : validate.errors;
  console.log(error ? `invalid ${error.instancePath} ${error.message}` : 'valid');
}
