// `countersigner root new` and `countersigner root accept` (docs/guide/root-ceremony.md): the two steps of a root ceremony that happen beside the online
// keys. What people do in between, they do with `countersign root` on machines of their own.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readWhole } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readIndexName } from '#lib/core/ids.ts';
import { readInstanceState } from '#countersigner/instance-state.ts';
import { writeDurably, type Store } from '#countersigner/store.ts';
import { acceptRoot, mergeCopies, newRoot } from './ceremony.ts';
import { onlineRoles, type OnlineRole } from './role-keys.ts';

export const rootUsage =
  'root new [--holder KEY]… [--threshold K] [--days N] [--new-key ROLE]… FILE | root accept FILE…';

const options = {
  holder: { type: 'string', multiple: true, default: [] as string[] },
  threshold: { type: 'string' },
  days: { type: 'string', default: '365' },
  'new-key': { type: 'string', multiple: true, default: [] as string[] },
} as const;

const wrong = (why: string) => refuse('countersigner.settings', { why });

/** Answers what was done. `indexName`: for an index that has not begun; later its own name stands. Refuses `countersigner.settings`, `root.…`, `input.…`. */
export function rootCommand(store: Store, given: { indexName: string; now: number }, words: readonly string[]): object {
  const [verb, ...rest] = words;
  if (verb === 'new') return makeNew(store, given, rest);
  if (verb === 'accept') return accept(store, given.now, rest);
  throw wrong(`“root” is followed by: ${rootUsage}`);
}

function makeNew(
  store: Store,
  { indexName, now }: { indexName: string; now: number },
  words: readonly string[],
): object {
  const { values, positionals } = readWords(words);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw wrong('“root new” writes one file; name it');
  const bytes = newRoot(store, {
    index: readInstanceState(store)?.index ?? readIndexName(indexName),
    holders: values.holder.map((key) => key.replace(/\s/g, '').toLowerCase()),
    threshold: values.threshold === undefined ? null : readNumber(values.threshold, 'the threshold', 100),
    days: readNumber(values.days, 'the days', 3650),
    renew: values['new-key'].map(readOnlineRole),
    now,
  });
  writeDurably(file, bytes, 0o644);
  return { root: file, says: 'Each holder signs a copy of it with “countersign root sign”.' };
}

const readNumber = (text: string, what: string, most: number): number => readWhole(Number(text), what, 1, most);

function readWords(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (cause) {
    throw refuse('countersigner.settings', { why: cause instanceof Error ? cause.message : 'unknown words' }, cause);
  }
}

function readOnlineRole(claimed: string): OnlineRole {
  const role = onlineRoles.find((one) => one === claimed);
  if (!role) throw wrong(`--new-key is followed by one of ${onlineRoles.join(', ')}`);
  return role;
}

function accept(store: Store, now: number, files: readonly string[]): object {
  if (files.length === 0) throw wrong('“root accept” reads the signed copies; name them');
  const copies = files.map((file) => ({ file, bytes: readCopy(file) }));
  const { version, expires, roles } = acceptRoot(store, mergeCopies(copies), now);
  const { keys, threshold } = roles.root;
  return { level: 'info', acceptedRoot: version, expires, holders: keys.length, threshold };
}

function readCopy(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw refuse('countersigner.settings', { why: `${file} cannot be read` }, cause);
  }
}
