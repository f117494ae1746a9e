// The client: runs what was asked (program.ts), and ends. Exit codes: docs/formats/exit-codes.md; a usage error is 2, a fault of ours 70.
import { CommanderError } from 'commander';
import { program } from './program.ts';

try {
  await program.parseAsync();
} catch (fault) {
  if (fault instanceof CommanderError) process.exitCode = fault.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write('Something went wrong inside this program; nothing was accepted.\n');
    process.exitCode = 70;
  }
}
