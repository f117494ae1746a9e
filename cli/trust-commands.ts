// The commands that decide by what is trusted here, and their options: each is a function in cli/commands, loaded when it is asked for.
import type { Command } from 'commander';
import type { DownloadOptions } from './commands/download.ts';
import type { InstallOptions } from './commands/install.ts';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import type { TrustCommandOptions } from './commands/trust.ts';
import type { VerifyOptions } from './commands/verify.ts';
import type { World } from './verify/world.ts';

type Print = (outcome: CommandOutcome) => void;
type WorldHere = () => Promise<World>;

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** Adds them to the program; `worldHere`: clock, folders and terminal of this process. */
export function addTrustCommands(program: Command, print: Print, worldHere: WorldHere): void {
  addTrust(program, print, worldHere);
  withTrustOptions(program.command('verify [what...]'))
    .description('whether releases of an index hold: NAME==VERSION, or wheels and sdists that are here already')
    .option('--evidence <file>', 'decide by this evidence bundle, without index and network')
    .option('--json', 'answer in JSON, one line a release')
    .action(async (what: string[], { evidence, ...options }: Omit<VerifyOptions, 'what'> & { evidence?: string }) => {
      const [world, wished] = [await worldHere(), { ...options, what }];
      if (evidence === undefined) {
        const { verifyCommand } = await import('./commands/verify.ts');
        return print(await verifyCommand(wished, world));
      }
      const { verifyEvidenceCommand } = await import('./commands/verify-evidence.ts');
      return print(await verifyEvidenceCommand(evidence, wished, world));
    });
  withTrustOptions(program.command('download <name==version...>'))
    .description('the files of releases, kept only if everything about them holds')
    .option('-d, --directory <folder>', 'where they go (default: here)')
    .option('--json', 'answer in JSON, one line a release')
    .action(async (releases: string[], options: Omit<DownloadOptions, 'releases'>) => {
      const { downloadCommand } = await import('./commands/download.ts');
      print(await downloadCommand({ ...options, releases }, await worldHere()));
    });
  withTrustOptions(program.command('install <name==version...>'))
    .description('releases and what they need: resolved by pip, verified here, installed by pip from those files alone')
    .option('--python <program>', 'whose pip installs (default: python3)')
    .option('--no-deps', 'nothing besides these releases')
    .option('--json', 'answer in JSON')
    .action(async (releases: string[], options: Omit<InstallOptions, 'releases'>) => {
      const { installCommand } = await import('./commands/install.ts');
      print(await installCommand({ ...options, releases }, await worldHere()));
    });
}

function addTrust(program: Command, print: Print, worldHere: WorldHere): void {
  withFingerprints(program.command('trust <index> [project...]'))
    .description('meet an index and projects of it, or accept their new rules, by fingerprints that you compared')
    .option('--forget', 'forget the index; the next time is a first contact')
    .option('--json', 'answer in JSON')
    .action(async (index: string, projects: string[], options: Omit<TrustCommandOptions, 'index' | 'projects'>) => {
      const { trustCommand } = await import('./commands/trust.ts');
      print(await trustCommand({ ...options, index, projects }, await worldHere()));
    });
  program
    .command('status')
    .description('what is trusted here, and how fresh it was when it was looked at last')
    .option('--json', 'answer in JSON')
    .exitOverride()
    .action(async (options: { json?: boolean }) => {
      const { statusCommand } = await import('./commands/status.ts');
      print(statusCommand(options, await worldHere()));
    });
}

const withTrustOptions = (command: Command): Command =>
  withFingerprints(command)
    .option('--index <url>', 'the address of the index (default: the one that is trusted)')
    .option('--trust <mode>', 'index: its countersignature is enough; threshold (default); people=NAME,NAME')
    .option('--threshold <number>', 'so many people at least, whatever the project demands')
    .option('--demand <file>', 'what you demand beyond the rules of the project (docs/guide/client.md)');

const withFingerprints = (command: Command): Command =>
  command
    .option('--index-key <fingerprint>', 'the key that the index must sign with')
    .option('--root-fingerprint <sha256>', 'a TUF root of the index, by its SHA-256')
    .option('--policy <name=sha256>', 'rules of a project that you accept, by their SHA-256', collect, [])
    .option('--owner <name=fingerprint>', 'a key of an owner of a project; name them all', collect, [])
    .exitOverride();
