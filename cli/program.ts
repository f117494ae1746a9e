// The client's commands and their options, nothing else: each command is a function in its own file that answers with an exit code
// and two texts. Here they are printed. The reference of commands (docs/guide/commands.md) is written from this.
import { Command } from 'commander';
import type { CheckSignatureOptions } from './commands/check-signature.ts';
import type { EvidenceOptions } from './commands/evidence.ts';
import type { CommandOutcome, InspectOptions } from './commands/inspect-distribution.ts';
import { addLogCommands } from './log-commands.ts';
import { addRootCommands } from './root-commands.ts';
import { addSigningCommands } from './signing-commands.ts';
import { addTrustCommands } from './trust-commands.ts';
import type { World } from './verify/world.ts';

/** All of it; `main.ts` runs it. */
export const program = new Command('countersign')
  .description(
    'Checks releases, signatures, keys and distributions by the rules of the index, offline where it can be.',
  )
  .exitOverride()
  .configureHelp({ showGlobalOptions: false });

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

program
  .command('check-signature')
  .description('how many of these people signed this file')
  .requiredOption('--key <file>', "one person's public key or keys; repeat it for each person", collect, [])
  .requiredOption('--data <file>', 'the file that was signed')
  .requiredOption('--signature <file>', 'the detached signature or signatures')
  .option('--at <time>', 'judge as of this time, 2026-11-22T09:00:00Z (default: now)')
  .option('--received <time>', 'when the index got the signature (default: the time of judging)')
  .option('--json', 'answer in JSON')
  .exitOverride()
  .action(async (options: CheckSignatureOptions) => {
    const { checkSignatureCommand } = await import('./commands/check-signature.ts');
    print(await checkSignatureCommand(options, Date.now()));
  });

program
  .command('inspect-key <file>')
  .description('what the index would say about a public key')
  .option('--at <time>', 'judge as of this time, 2026-11-22T09:00:00Z (default: now)')
  .option('--json', 'answer in JSON')
  .exitOverride()
  .action(async (file: string, options: { at?: string; json?: boolean }) => {
    const { inspectKeyCommand } = await import('./commands/inspect-key.ts');
    print(await inspectKeyCommand(file, options, Date.now()));
  });

program
  .command('inspect-distribution <file>')
  .description('what the index would say about a wheel or sdist')
  .option('--as <name>', 'treat it as if it were uploaded under this name')
  .option('--json', 'answer in JSON')
  .exitOverride()
  .action(async (file: string, options: InspectOptions) => {
    const { inspectDistributionCommand } = await import('./commands/inspect-distribution.ts');
    print(await inspectDistributionCommand(file, options));
  });

program
  .command('evidence <name==version>')
  .description('everything that proves a release, in one file that needs no index and no network')
  .requiredOption('--index <url>', 'the address of the index')
  .option('-o, --output <file>', 'where to write it (default: NAME-VERSION.evidence.zip)')
  .option('--json', 'answer in JSON')
  .exitOverride()
  .action(async (nameAndVersion: string, options: Omit<EvidenceOptions, 'nameAndVersion'>) => {
    const { evidenceCommand } = await import('./commands/evidence.ts');
    print(await evidenceCommand({ ...options, nameAndVersion }, Date.now()));
  });

/** The clock, folders and terminal of this process. */
async function worldHere(): Promise<World> {
  const [{ readHome }, { askerAt }] = await Promise.all([import('./trust/home.ts'), import('./trust/ask.ts')]);
  return {
    now: Date.now(),
    home: readHome(process.env),
    ask: askerAt({ input: process.stdin, output: process.stderr }),
    tell: (line) => void process.stderr.write(`${line}\n`),
  };
}

addTrustCommands(program, print, worldHere);
addSigningCommands(program, print);
addRootCommands(program, print);
addLogCommands(program, print, worldHere);

function print({ exit, out, err }: CommandOutcome): void {
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = exit;
}
