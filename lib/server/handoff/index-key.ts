// The index keys that this instance goes by: the certificate that it is set up with (INDEX_KEY_FILE; read each time: the operator may put it there after
// the first start, and replace it), and the chain of changes (docs/formats/key-rotation.md) in the index tree and in the hand-backs that
// wait to be placed. Nobody's word but the operator's and that of the keys themselves counts.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { changesIn } from '#lib/evidence/handback-keys.ts';
import { readIndexKey, type IndexKey } from '#lib/evidence/index-signature.ts';
import { checkRotations, collectRotations } from '#lib/evidence/key-rotation.ts';
import { runtime } from '#lib/server/runtime.ts';
import { indexFolder } from './index-folder.ts';

export type IndexKeys = {
  /** Oldest first; the last one signs the next hand-back that comes. */
  all: readonly IndexKey[];
  /** As far as the tree is: the last one signed the next hand-back that is placed. */
  inPlace: readonly IndexKey[];
};

/** Refuses `handoff.no-index-key` where the file is missing, and `index-key.…` where the chain is broken. */
export async function loadIndexKeys(): Promise<IndexKeys> {
  const { config, clock, indexName, db } = runtime();
  const at = clock.now().getTime();
  const file = await readFile(config.indexKeyFile).catch((cause: NodeJS.ErrnoException) => {
    throw refuse('handoff.no-index-key', { file: config.indexKeyFile }, cause);
  });
  const own = await readIndexKey(file, at);
  const placed = (await collectRotations(readPlaced)).length;
  const rows = await db.handback.findMany({ where: { state: 'posted' }, orderBy: { id: 'asc' } });
  const waiting = new Map<string, Uint8Array>();
  for (const { bytes } of rows) for (const [place, document] of await changesIn(bytes)) waiting.set(place, document);
  const documents = await collectRotations(async (place) => (await readPlaced(place)) ?? waiting.get(place) ?? null);
  const { keys } = await checkRotations(documents, { index: indexName, at, hashing });
  if (keys.length === 0) return { all: [own], inPlace: [own] };
  // The file's own copy: a revocation may have been put there. One that is no part of the chain is ahead of it: the operator's word.
  const isOwn = (key: IndexKey): boolean => key.facts.primary === own.facts.primary;
  const known = keys.map((key) => (isOwn(key) ? own : key));
  return { all: known.some(isOwn) ? known : [...known, own], inPlace: known.slice(0, placed + 1) };
}

const readPlaced = (place: string): Promise<Uint8Array | null> =>
  readFile(path.join(indexFolder(), place)).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  });
