// By which key a hand-back must be signed, when the index key changes (docs/formats/key-rotation.md): by the one in force; but the hand-back that brings
// the change is the last one of the old key. Whoever reads it may know either of the two already: both have signed the change, so either
// leads to the other. The bytes are hostile until then.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { fromBytes } from '#lib/python/source.ts';
import { readZipEntries } from '#lib/python/zip-entries.ts';
import type { Hashing } from './custody.ts';
import { handbackLimits, readHandback, type Handback } from './handback.ts';
import type { IndexKey } from './index-signature.ts';
import { checkRotation, type CheckedRotation } from './key-rotation.ts';

export type ReadByKeys = {
  handback: Handback;
  /** Those that are known after it. */
  keys: readonly IndexKey[];
};

/** `keys`: of the index, as far as they are known, oldest first; the last one is in force. */
export type KeyReading = { keys: readonly IndexKey[]; at: number; hashing: Hashing };

/**
 * Unpacks a hostile hand-back that must be signed by the key in force, or, where it brings the change to it, by the one before. Refuses as readHandback
 * does, and `index-key.…` for a change that is none.
 */
export async function readHandbackBy(foreignBytes: Uint8Array, { keys, at, hashing }: KeyReading): Promise<ReadByKeys> {
  const inForce = keys.at(-1);
  if (!inForce) throw refuse('handback.not-signed', { why: 'no key of the index is known' });
  try {
    const handback = await readHandback(foreignBytes, inForce, hashing);
    return { handback, keys: followed(keys, await readChanges(handback.files, at, hashing)) };
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'handback.not-signed') throw fault;
    const changes = await readChanges(await changesIn(foreignBytes), at, hashing);
    const last = changes.at(-1);
    if (!last) throw fault;
    // A hand-back that holds everything (hand-over-all.ts) is by the newest key; both keys of each change on the way there have signed it.
    const ahead = keysAfter(inForce, changes);
    if (ahead.length > 0)
      return { handback: await readHandback(foreignBytes, last.new, hashing), keys: [...keys, ...ahead] };
    // The key in force here may be the new one already.
    if (!isSameKey(last.new, inForce)) throw fault;
    const isKnown = keys.some((key) => isSameKey(key, last.old));
    return {
      handback: await readHandback(foreignBytes, last.old, hashing),
      keys: isKnown ? keys : [last.old, ...keys],
    };
  }
}

const isSameKey = (one: IndexKey, other: IndexKey): boolean => one.facts.primary === other.facts.primary;

/** The keys that these changes lead to from this one, in their order; none where it is not in them. */
function keysAfter(key: IndexKey, changes: readonly CheckedRotation[]): IndexKey[] {
  const begin = changes.findIndex((change) => isSameKey(change.old, key));
  return begin === -1 ? [] : changes.slice(begin).map((change) => change.new);
}

/** What is known after these changes. Those that lead to the key in force are known already. */
function followed(keys: readonly IndexKey[], changes: readonly CheckedRotation[]): readonly IndexKey[] {
  const [inForce, last] = [keys.at(-1), changes.at(-1)];
  if (!inForce || !last || isSameKey(last.new, inForce)) return keys;
  const ahead = keysAfter(inForce, changes);
  if (ahead.length === 0) throw refuse('index-key.breaks-chain', { why: 'its old key is not the one in force' });
  return [...keys, ...ahead];
}

const changePath = /^keys\/index\/[1-9][0-9]*\.json(?:\.asc)?$/;

/** The paths of a hostile hand-back that would change the index key; whether they do, their own signatures say. */
export async function changesIn(foreignBytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const entries = await readZipEntries(fromBytes(foreignBytes), handbackLimits);
  return new Map([...entries].filter(([path]) => changePath.test(path)));
}

/** The changes that these paths bring, by their number, each signed by both of its keys and following the one before. */
async function readChanges(
  files: ReadonlyMap<string, Uint8Array>,
  at: number,
  hashing: Hashing,
): Promise<CheckedRotation[]> {
  const numberOf = (path: string): number => Number(/^keys\/index\/([1-9][0-9]*)\.json$/.exec(path)?.[1]);
  const documents = [...files].filter(([path]) => numberOf(path) > 0).sort(([a], [b]) => numberOf(a) - numberOf(b));
  const changes: CheckedRotation[] = [];
  for (const [path, bytes] of documents) {
    const change = await checkRotation({ bytes, signature: files.get(`${path}.asc`) ?? null }, at, hashing);
    const before = changes.at(-1);
    if (before && !isSameKey(before.new, change.old))
      throw refuse('index-key.breaks-chain', { why: 'its old key is not the new one of the change before' });
    changes.push(change);
  }
  return changes;
}
