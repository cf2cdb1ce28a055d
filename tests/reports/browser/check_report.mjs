// check_report.mjs DIRECTORY GROUP [CHECK...]: the checks of checks/GROUP.mjs, or these alone, of the reports in a
// directory, in a real browser. Each is done, whatever became of the others. Status 1: some failed, and why is printed.
import { browser } from './checks/support.mjs';

const [, , , group, ...chosen] = process.argv;
const { default: checks } = await import(`./checks/${group}.mjs`);

try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(checks)) {
    const began = performance.now();
    try {
      await checks[name]();
      console.log(`${group}.${name}: ${Math.round(performance.now() - began)} ms`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`FAILED: ${group}.${name}: ${error.stack}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
} finally {
  await browser.close();
}
