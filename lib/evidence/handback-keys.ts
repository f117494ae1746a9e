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
    const change = await changeIn(handback.files, at, hashing);
    return { handback, keys: change ? [...keys, newKeyOf(change, inForce)] : keys };
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'handback.not-signed') throw fault;
    // The key in force here may be the new one already.
    const change = await changeIn(await changesIn(foreignBytes), at, hashing);
    if (change?.new.facts.primary !== inForce.facts.primary) throw fault;
    const isKnown = keys.some((key) => key.facts.primary === change.rotation.old);
    return {
      handback: await readHandback(foreignBytes, change.old, hashing),
      keys: isKnown ? keys : [change.old, ...keys],
    };
  }
}

const changePath = /^keys\/index\/[1-9][0-9]*\.json(?:\.asc)?$/;

/** The paths of a hostile hand-back that would change the index key; whether they do, their own signatures say. */
export async function changesIn(foreignBytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const entries = await readZipEntries(fromBytes(foreignBytes), handbackLimits);
  return new Map([...entries].filter(([path]) => changePath.test(path)));
}

/** The change that these paths bring, signed by both keys; null: none. */
async function changeIn(
  files: ReadonlyMap<string, Uint8Array>,
  at: number,
  hashing: Hashing,
): Promise<CheckedRotation | null> {
  const [path] = [...files.keys()].filter((name) => /^keys\/index\/[1-9][0-9]*\.json$/.test(name));
  const bytes = path === undefined ? undefined : files.get(path);
  if (!bytes) return null;
  return checkRotation({ bytes, signature: files.get(`${path}.asc`) ?? null }, at, hashing);
}

function newKeyOf(change: CheckedRotation, inForce: IndexKey): IndexKey {
  if (change.old.facts.primary !== inForce.facts.primary)
    throw refuse('index-key.breaks-chain', { why: 'its old key is not the one in force' });
  return change.new;
}
