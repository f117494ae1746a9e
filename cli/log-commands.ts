// The commands around the log of an index, and their options: `audit` compares everything it tells with what is served, `witness` watches it for
// everybody. Each is a function in cli/commands, loaded when it is asked for.
import type { Command } from 'commander';
import type { AuditOptions } from './commands/audit.ts';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import type { InitOptions, RunOptions } from './commands/witness.ts';
import type { World } from './verify/world.ts';

type Print = (outcome: CommandOutcome) => void;

/** Adds them to the program; `worldHere`: clock, folders and terminal of this process. */
export function addLogCommands(program: Command, print: Print, worldHere: () => Promise<World>): void {
  addAudit(program, print, worldHere);
  addWitness(program, print);
}

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

function addAudit(program: Command, print: Print, worldHere: () => Promise<World>): void {
  program
    .command('audit [project...]')
    .description('whether an index serves what its log tells, no more and no less (default: all projects)')
    .option('--index <url>', 'the address of the index (default: the one that is trusted)')
    .option('--index-key <fingerprint>', 'the key that the index must sign with')
    .option('--root-fingerprint <sha256>', 'a TUF root of the index, by its SHA-256')
    .option('--witness <key>', 'the key of a witness who must have cosigned the log; repeat it', collect, [])
    .option('--files', 'fetch and hash every distribution file, too')
    .option('--json', 'answer in JSON')
    .exitOverride()
    .action(async (projects: string[], options: Omit<AuditOptions, 'projects'>) => {
      const { auditCommand } = await import('./commands/audit.ts');
      print(await auditCommand({ ...options, projects }, await worldHere()));
    });
}

function addWitness(program: Command, print: Print): void {
  const witness = program
    .command('witness')
    .description('watches the log of an index for everybody, and signs what it saw')
    .exitOverride();

  const folderOption = ['--folder <folder>', 'where the witness keeps its key and what it saw'] as const;

  witness
    .command('init <index>')
    .description('makes a witness of the log of this index; prints its key')
    .requiredOption('--name <name>', 'its name, an address without a scheme that is yours: witness.example.org/one')
    .option('--index-key <fingerprint>', 'the key that the index must sign with')
    .option(...folderOption)
    .option('--json', 'answer in JSON')
    .exitOverride()
    .action(async (index: string, options: InitOptions) => {
      const { witnessInitCommand } = await import('./commands/witness.ts');
      print(await witnessInitCommand(index, options, Date.now()));
    });

  witness
    .command('once')
    .description('one look: checks that the log only grew, signs its checkpoint, hands that in')
    .option(...folderOption)
    .option('--json', 'answer in JSON')
    .exitOverride()
    .action(async (options: RunOptions) => {
      const { witnessOnceCommand } = await import('./commands/witness.ts');
      print(await witnessOnceCommand(options, Date.now()));
    });

  witness
    .command('run')
    .description('look after look until it is stopped; ends with 1 when the index contradicts itself')
    .option('--every <seconds>', 'how often (default: 300)')
    .option(...folderOption)
    .option('--json', 'answer in JSON')
    .exitOverride()
    .action(async (options: RunOptions) => {
      const { witnessRunCommand } = await import('./commands/witness.ts');
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      print(await witnessRunCommand(options, { tell: print, stop: stop.signal, clock: Date.now }));
    });
}
