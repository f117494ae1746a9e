// `npm run demo [-- --serve]`: installs and builds what is missing, then tells the story of one release (scripts/demo/main.ts).
import path from 'node:path';
import { install } from './install.mjs';
import { root, start, tool, whenNpmEnds } from './processes.mjs';

try {
  await install();
  const { build } = await import('./build.mjs');
  await build();
  const demo = start([
    ...tool('tsx/dist/cli.mjs'),
    path.join(root, 'scripts', 'demo', 'main.ts'),
    ...process.argv.slice(2),
  ]);
  // Ctrl-C reaches the whole group of the terminal; a signal to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void demo.child.kill(signal));
  whenNpmEnds(() => void demo.child.kill('SIGTERM'));
  process.exitCode = await demo.ended;
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
