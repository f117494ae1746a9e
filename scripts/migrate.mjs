// `npm run migrate`: brings the database of DATABASE_URL, or the embedded one, to the newest migration, without starting anything else.
// The web program does the same at its start; this is for an operator who wants it apart.
import path from 'node:path';
import { install } from './install.mjs';
import { must, root, tool } from './processes.mjs';

try {
  await install();
  await must([...tool('tsx/dist/cli.mjs'), path.join(root, 'scripts', 'migrate.ts')], 'The migration did not finish');
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
