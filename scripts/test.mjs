// `npm test [suite …] [-- --long]`: installs, builds what a suite needs, runs the suites one after the other and ends with the
// one line `N passed, N failed`. A suite whose tools are missing is named with the command that installs them; with CI=true
// that is a failure: nothing may be skipped there.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { root, run, tool } from './processes.mjs';
import { installCommand, missingTools } from './tools.mjs';

// `build`: what must be built before; the order is that of the cost, so that a mistake shows early.
const suites = [
  {
    name: 'unit',
    folders: ['core', 'python', 'pgp', 'simple', 'evidence', 'cli', 'attacks', 'rooms', 'child'],
    build: 'programs',
  },
  { name: 'web', folders: ['web', 'components', 'app'], build: 'programs' },
  { name: 'countersigner', folders: ['countersigner', 'handoff'], build: 'programs' },
  { name: 'server-embedded', folders: ['server'] },
  { name: 'server-postgres', folders: ['server'] },
  { name: 'interop', folders: ['interop'], build: 'all' },
  { name: 'e2e', folders: ['e2e'], build: 'all' },
].filter((suite) => suite.folders.some((folder) => existsSync(path.join(root, 'tests', folder))));

const inCi = process.env['CI'] === 'true';
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const long = process.argv.includes('--long');
const results = path.join(root, '.build', 'test-results');

const isWanted = (suite) =>
  wanted.length === 0 || wanted.some((word) => suite.name === word || suite.name.startsWith(`${word}-`));

async function runSuite(suite) {
  const outputFile = path.join(results, `${suite.name}.json`);
  console.log(`\n── ${suite.name} ${'─'.repeat(Math.max(3, 60 - suite.name.length))}`);
  const code = await run(
    [
      ...tool('vitest/vitest.mjs'),
      ...['run', '--project', suite.name, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`],
    ],
    { env: { ...(long ? { TEST_LONG: '1' } : {}), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) } },
  );
  return count(suite, outputFile, code);
}

// A run that broke off, or that failed outside every test, counts as one failure: it must never look like a pass.
function count(suite, outputFile, code) {
  if (!existsSync(outputFile)) return { suite: suite.name, passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(outputFile, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  const emptyFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + emptyFiles;
  return {
    suite: suite.name,
    passed: report.numPassedTests,
    failed: code !== 0 ? Math.max(1, failed) : failed,
    skipped,
  };
}

async function prepare(chosen) {
  const { build, buildPrograms } = await import('./build.mjs');
  if (chosen.some((suite) => suite.build === 'all')) await build();
  else if (chosen.some((suite) => suite.build === 'programs')) await buildPrograms();
}

async function runAll(chosen) {
  const counted = [];
  for (const suite of chosen) {
    const started = Date.now();
    counted.push({ ...(await runSuite(suite)), seconds: Math.round((Date.now() - started) / 1000) });
  }
  return counted;
}

async function main() {
  await install();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const missing = await missingTools();
  const lacks = (suite) => missing.filter((entry) => entry.suites.includes(suite.name));
  const asked = suites.filter(isWanted);
  if (asked.length === 0)
    throw new Error(
      `No suite is called ${wanted.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`,
    );
  const chosen = asked.filter((suite) => lacks(suite).length === 0);
  const skipped = asked.filter((suite) => lacks(suite).length > 0);
  await prepare(chosen);
  const counted = await runAll(chosen);
  console.log('');
  for (const row of counted)
    console.log(
      `${row.suite.padEnd(18)} ${String(row.passed).padStart(5)} passed ${String(row.failed).padStart(4)} failed ${row.seconds} s`,
    );
  for (const suite of skipped)
    console.log(
      `${suite.name.padEnd(18)} skipped: ${lacks(suite)
        .map((entry) => entry.name)
        .join(', ')} missing. Run: ${installCommand(lacks(suite))}`,
    );
  const single = counted.reduce((sum, row) => sum + row.skipped, 0);
  if (single > 0) console.log(`${single} single tests were skipped by themselves.`);
  const sum = (field) => counted.reduce((total, row) => total + row[field], 0);
  const refused = inCi ? skipped.length + single : 0;
  if (refused > 0) console.log('In CI nothing may be skipped; each skip counts as a failure.');
  const failed = sum('failed') + refused;
  console.log(`${sum('passed')} passed, ${failed} failed`);
  process.exitCode = failed === 0 && sum('passed') > 0 ? 0 : 1;
}

main().catch((fault) => {
  console.error(fault instanceof Error ? fault.message : fault);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
