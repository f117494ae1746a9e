// `npm run bench`: the figures that the design promises, measured side by side on this machine, as a table. Never a timed test: nothing
// fails when a figure is missed. Talks to 127.0.0.1 only, each load for a few seconds; ends what it started.
import path from 'node:path';
import { install } from './install.mjs';
import { root, run, tool } from './processes.mjs';

try {
  await install();
  const { build } = await import('./build.mjs');
  await build();
  process.exitCode = await run([
    ...tool('tsx/dist/cli.mjs'),
    path.join(root, 'scripts', 'bench', 'main.ts'),
    ...process.argv.slice(2),
  ]);
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
