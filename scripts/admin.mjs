// `npm run backup`, `restore`, `catch-up`, `move`, `doctor`: the operator's program from the sources of this repository. Installs and bundles only what is missing; `.build/admin.mjs` is
// the program itself, with the same words as arguments.
import path from 'node:path';
import { root, start } from './processes.mjs';

try {
  const { install } = await import('./install.mjs');
  await install();
  const { buildPrograms } = await import('./build.mjs');
  await buildPrograms();
  const admin = start(
    [process.execPath, '--enable-source-maps', path.join(root, '.build', 'admin.mjs'), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      cwd: process.env.INIT_CWD ?? process.cwd(),
    },
  );
  process.exitCode = await admin.ended;
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
