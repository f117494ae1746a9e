// `catch-up FILE [--files FOLDER …] [--address NAME=ADDRESS …]`: brings a restored instance to what the index has published since the backup, from the hand-back that `countersigner hand-over-all` wrote. While the instance stands still. Says what came back,
// and what cannot.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { catchUp, type CaughtUp } from '#lib/server/catch-up/catch-up.ts';
import { readConfig } from '#lib/server/config.ts';
import { readMailAddress, type MailAddress } from '#lib/server/mail/address.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Environment } from './settings.ts';

const options = {
  files: { type: 'string', multiple: true },
  address: { type: 'string', multiple: true },
} as const;

/** Opens the instance of the settings as its programs do, with their locks. */
export async function catchUpFrom(
  environment: Environment,
  rest: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
  const [file] = positionals;
  if (file === undefined) throw refuse('input.missing', { field: 'the file of countersigner hand-over-all' });
  const handback = await readFile(file).catch((cause: unknown) => {
    throw refuse('input.not-a', { what: 'a file that can be read', claimed: file }, cause);
  });
  const addresses = new Map((values.address ?? []).map(readAddress));
  const opened = await openRuntime(readConfig(environment));
  try {
    for (const line of linesOf(await catchUp({ handback, folders: values.files ?? [], addresses }))) say(line);
  } finally {
    await opened.close();
  }
}

function readAddress(claimed: string): [AccountName, MailAddress] {
  const [, name = '', address = ''] = /^([^=]*)=(.*)$/.exec(claimed) ?? [];
  return [readAccountName(name), readMailAddress(address)];
}

function linesOf({ sequence, files, projects }: CaughtUp): string[] {
  const changed = projects.filter(
    ({ policies, releases, declarations }) => policies.length + releases.length + declarations > 0,
  );
  return [
    ...changed.map(({ project, policies, releases, declarations }) =>
      [
        `${project}:`,
        ...(policies.length > 0 ? [`policies ${policies.join(', ')};`] : []),
        ...(releases.length > 0 ? [`releases ${releases.join(', ')};`] : []),
        ...(declarations > 0 ? [`${declarations} declarations;`] : []),
      ]
        .join(' ')
        .replace(/;$/, '.'),
    ),
    `${projects.length} projects were decided anew and compared, ${files} files taken; hand-back ${sequence} is in place. The countersigner may be started.`,
    'What the index never had is not here: drafts that were open, signatures over them, comments, tokens, links, invitations, passkeys, settings and mail since the backup. Tell your people.',
  ];
}
