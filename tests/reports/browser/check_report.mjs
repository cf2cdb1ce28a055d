// check_report.mjs CHECK DIRECTORY: one check of the reports in a directory, in a real browser. Fails by an exception.
import charts from './checks/charts.mjs';
import choices from './checks/choices.mjs';
import gate from './checks/gate.mjs';
import names from './checks/names.mjs';
import outside from './checks/outside.mjs';
import page from './checks/page.mjs';
import pitfalls from './checks/pitfalls.mjs';
import { browser } from './checks/support.mjs';

const checks = { ...charts, ...choices, ...gate, ...names, ...outside, ...page, ...pitfalls };

try {
  await checks[process.argv[2]]();
} finally {
  await browser.close();
}
