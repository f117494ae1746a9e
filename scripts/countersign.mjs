// `npm run -s countersign -- …`: the client from the sources of this repository. Installs and bundles only what is missing, silently,
// and hands over arguments, streams and exit code (docs/formats/exit-codes.md). `.build/cli.mjs` is the program itself.
import path from 'node:path';
import { root, start } from './processes.mjs';

const told = console.log;
try {
  console.log = (...parts) => console.error(...parts);
  const { install } = await import('./install.mjs');
  await install();
  const { buildPrograms } = await import('./build.mjs');
  await buildPrograms();
  console.log = told;
  const cli = start([process.execPath, path.join(root, '.build', 'cli.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  process.exitCode = await cli.ended;
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 3;
}
