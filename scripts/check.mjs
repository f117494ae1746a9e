// `npm run check [-- step …]`: format, lint with the import table, types, unit tests; in about a minute. The first three look at the sources, each on
// one core, so they run beside each other. Says each step's time, runs all of them whatever fails, and ends with one line. For the time between
// two edits; `npm test` is the whole truth.
import { install } from './install.mjs';
import { run, tool } from './processes.mjs';

await install();
const { buildPrograms } = await import('./build.mjs');

// What it complains of, in one piece and not mixed with what the others say.
const look = (command) => run(command, { quiet: true });

const steps = {
  format: () => look([...tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']),
  lint: () =>
    look([...tool('eslint/bin/eslint.js'), '--max-warnings=0', '--cache', '--cache-location=.build/eslint', '.']),
  types: () => look([...tool('typescript/bin/tsc'), '--noEmit']),
  unit: async () => {
    await buildPrograms();
    return run([...tool('vitest/vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'], {
      env: process.stdout.isTTY ? {} : { NO_COLOR: '1' },
    });
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(steps, name));
const chosen = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name));
const failed = unknown.map((name) => `${name} (there is no such step)`);

async function take([name, work]) {
  const started = Date.now();
  const code = await work().catch((fault) => (console.error(fault instanceof Error ? fault.message : fault), 1));
  console.log(`${name.padEnd(8)} ${code === 0 ? 'ok' : 'FAILED'}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (code !== 0) failed.push(name);
}

await Promise.all(chosen.filter(([name]) => name !== 'unit').map(take));
for (const step of chosen.filter(([name]) => name === 'unit')) await take(step);
console.log(failed.length === 0 ? 'Everything holds.' : `Does not hold: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
