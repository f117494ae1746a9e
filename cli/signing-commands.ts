// The part of the table of commands for people and machines that work on drafts: token, queue, sign, decline, rebuilt, upload, wait. Options and nothing else; each
// command loads its own file when it is called.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Option, type Command } from 'commander';
import type { DeclineOptions } from './commands/decline.ts';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import type { QueueOptions } from './commands/queue.ts';
import type { RebuiltOptions } from './commands/rebuilt.ts';
import type { SignOptions } from './commands/sign.ts';
import type { TokenOptions } from './commands/token.ts';
import type { UploadOptions } from './commands/upload.ts';
import type { WaitOptions } from './commands/wait.ts';
import type { SignTools } from './sign/open-session.ts';

const tokenHelp = `
The token is read from COUNTERSIGN_TOKEN, else it is the one that “countersign token” keeps.`;

/** COUNTERSIGN_INDEX saves typing it. */
const indexOption = (): Option =>
  new Option('--index <url>', 'the address of the index (default: the one that is trusted)').env('COUNTERSIGN_INDEX');

type Print = (outcome: CommandOutcome) => void;

/** Adds the commands to the program; `print` ends the run. */
export function addSigningCommands(program: Command, print: Print): void {
  addTokenCommands(program, print);
  addDraftCommands(program, print);
  addWait(program, print);
}

function addTokenCommands(program: Command, print: Print): void {
  program
    .command('token')
    .description('keep a token for an index, read from standard input')
    .addOption(indexOption())
    .option('--forget', 'take it out again')
    .exitOverride()
    .action(async (options: TokenOptions) => {
      const [{ tokenCommand }, { home }] = await Promise.all([import('./commands/token.ts'), openTools()]);
      print(await tokenCommand(options, { home, read: readSecretLine }));
    });

  program
    .command('queue')
    .description('what needs your signature')
    .addOption(indexOption())
    .option('--json', 'answer in JSON')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (options: QueueOptions) => {
      const { queueCommand } = await import('./commands/queue.ts');
      print(await queueCommand(options, await openTools()));
    });
}

function addDraftCommands(program: Command, print: Print): void {
  addSignOptions(program.command('sign <draft|name==version>'))
    .description('look at a draft and sign it with your own gpg or sq')
    .option('--files <folder>', 'compare with your own files instead of downloading them')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (what: string, options: SignOptions) => {
      const { signCommand } = await import('./commands/sign.ts');
      print(await signCommand(what, options, await openTools()));
    });

  program
    .command('decline <draft|name==version>')
    .description('say why a draft should not be published')
    .addOption(indexOption())
    .requiredOption('--reason <text>', 'why; everybody of the project reads it')
    .option('--json', 'answer in JSON')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (what: string, options: DeclineOptions) => {
      const { declineCommand } = await import('./commands/decline.ts');
      print(await declineCommand(what, options, await openTools()));
    });

  program
    .command('rebuilt <draft|name==version> <files...>')
    .description('state what you got by building the files yourself (exit 1 where a digest differs)')
    .addOption(indexOption())
    .requiredOption('--recipe <text>', 'how you built them: commands, or the address of a build')
    .option('--json', 'answer in JSON')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (what: string, files: string[], options: RebuiltOptions) => {
      const { rebuiltCommand } = await import('./commands/rebuilt.ts');
      print(await rebuiltCommand(what, files, options, await openTools()));
    });

  addSignOptions(program.command('upload <files...>'))
    .description('open a draft of a release with these files, or add them to it')
    .option('--project <name>', 'refuse files of any other')
    .option('--sign', 'and sign it, with a token that may')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (files: string[], options: UploadOptions) => {
      const { uploadCommand } = await import('./commands/upload.ts');
      print(await uploadCommand(files, options, await openTools()));
    });
}

function addWait(program: Command, print: Print): void {
  program
    .command('wait <name==version>')
    .description('until a draft is published (exit 0), or is over without that (1), or the time is up (5)')
    .addOption(indexOption())
    .option('--timeout <seconds>', 'how long at most (default: 1800)')
    .option('--json', 'answer in JSON')
    .addHelpText('after', tokenHelp)
    .exitOverride()
    .action(async (nameAndVersion: string, options: Omit<WaitOptions, 'nameAndVersion'>) => {
      const { waitCommand } = await import('./commands/wait.ts');
      const clock = (): number => performance.now();
      print(await waitCommand({ ...options, nameAndVersion }, { ...(await openTools()), clock }));
    });
}

const addSignOptions = (command: Command): Command =>
  command
    .addOption(indexOption())
    .option('--key <key>', 'the key to name to gpg; with sq, the file that holds it')
    .option('--with <tool>', 'gpg or sq (default: gpg)')
    .option('--yes', 'do not ask: a program, or you, looked already')
    .option('--json', 'answer in JSON');

async function openTools(): Promise<SignTools> {
  const [{ readHome }, { askerAt }] = await Promise.all([import('./trust/home.ts'), import('./trust/ask.ts')]);
  return {
    home: readHome(process.env),
    token: process.env['COUNTERSIGN_TOKEN'],
    ask: askerAt({ input: process.stdin, output: process.stderr }),
    tell: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** The first line of standard input; at a terminal it is asked for, and what is typed is not shown. */
async function readSecretLine(): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) process.stderr.write('Paste the token and press Enter (it is not shown): ');
  const nowhere = new Writable({ write: (_part, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
