// The commands of whoever holds the TUF root of an index, and their options: `root key` makes a holder's key, `root sign` signs a root with it. Both work
// offline; each is a function in cli/commands, loaded when it is asked for.
import type { Command } from 'commander';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import type { AskPassphrase } from './commands/root.ts';

/** Adds them to the program. */
export function addRootCommands(program: Command, print: (outcome: CommandOutcome) => void): void {
  const root = program.command('root').description('for people who hold the TUF root of an index').exitOverride();

  root
    .command('key <file>')
    .description('makes your key, closed with a passphrase; prints its public half')
    .exitOverride()
    .action(async (file: string) => {
      const { rootKeyCommand } = await import('./commands/root.ts');
      print(await rootKeyCommand(file, askHere));
    });

  root
    .command('sign <root> <key>')
    .description('shows what a root says and signs it; the signature goes into its file')
    .option('--before <root>', 'the root in force, for whoever holds that one and the new one no more')
    .exitOverride()
    .action(async (file: string, key: string, { before }: { before?: string }) => {
      const { rootSignCommand } = await import('./commands/root.ts');
      const show = (text: string): void => void process.stderr.write(text);
      print(await rootSignCommand({ root: file, key, before }, { ask: askHere, show }));
    });
}

const askHere: AskPassphrase = async (question) => {
  const { readPassphrase } = await import('./root/passphrase.ts');
  return readPassphrase({ input: process.stdin, output: process.stderr }, question);
};
