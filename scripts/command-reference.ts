// `npx tsx scripts/command-reference.ts`: writes docs/guide/commands.md from the client's own commands, as `--help` prints them. A test holds the file
// to it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { program } from '#cli/program.ts';

const file = path.join(import.meta.dirname, '..', 'docs', 'guide', 'commands.md');

/** The page: every command with its options. */
export function renderReference(): string {
  const commands = program.commands.flatMap((one) => sectionsOf(one, []));
  const intro = [
    '# Every command of the client',
    '',
    'As `countersign COMMAND --help` prints it. How they are used together: [client.md](client.md) for checking and installing, [command-line.md](command-line.md) for',
    'people who sign. Exit codes: [exit-codes.md](../formats/exit-codes.md).',
  ];
  return `${[...intro, ...commands].join('\n')}\n`;
}

function sectionsOf(command: Command, above: readonly string[]): string[] {
  const names = [...above, command.name()];
  if (command.commands.length > 0) return command.commands.flatMap((one) => sectionsOf(one, names));
  command.configureHelp({ helpWidth: 100, showGlobalOptions: false });
  return ['', `## countersign ${names.join(' ')}`, '', '```', command.helpInformation().trimEnd(), '```'];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(file, renderReference());
