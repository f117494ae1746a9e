// How the index gets another key (docs/formats/key-rotation.md): a numbered document in the tree that names the old key and the new one, and that both have
// signed. Whoever trusts one of them is led to the other: web program, client, witnesses. The documents form a chain, so that none is
// left out. Everything here is hostile until its signatures are checked.
import { readDocument, readExactly, readNullable, readWhole, renderDocument } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  readFingerprint,
  readIndexName,
  readInstant,
  readSha256,
  type Fingerprint,
  type IndexName,
  type Instant,
  type Sha256,
} from '#lib/core/ids.ts';
import type { SignedBytes } from './bundle.ts';
import type { Hashing } from './custody.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from './index-signature.ts';
import type { ReadPath } from './served-log.ts';

export type IndexRotation = {
  type: 'countersign/index-key';
  format: 1;
  index: IndexName;
  /** 1, 2, 3 …: each follows the one before it. */
  number: number;
  /** SHA-256 of the document before; null in the first. */
  previous: Sha256 | null;
  old: Fingerprint;
  new: Fingerprint;
  /** Armored: whoever reads this needs nothing else. */
  oldCertificate: string;
  newCertificate: string;
  date: Instant;
};

export const indexRotationPath = (number: number): string => `keys/index/${number}.json`;
export const logRotationPath = (number: number): string => `keys/log/${number}.json`;
const certificateCharactersMax = 100_000;

/** The document's one spelling. */
export function renderIndexRotation(r: IndexRotation): string {
  const { type, format, index, number, previous, old, oldCertificate, newCertificate, date } = r;
  return renderDocument({
    type,
    format,
    index,
    number,
    previous,
    old,
    new: r.new,
    oldCertificate,
    newCertificate,
    date,
  });
}

/** Reads it from hostile bytes; says nothing about its signatures. */
export function readIndexRotation(foreignBytes: Uint8Array): IndexRotation {
  const build = (f: Readonly<Record<string, unknown>>): IndexRotation => ({
    type: readExactly(f['type'], 'countersign/index-key', 'the type'),
    format: readExactly(f['format'], 1, 'the format'),
    index: readIndexName(f['index']),
    number: readWhole(f['number'], 'the number', 1, 10_000),
    previous: readNullable(f['previous'], readSha256),
    old: readFingerprint(f['old']),
    new: readFingerprint(f['new']),
    oldCertificate: readArmored(f['oldCertificate']),
    newCertificate: readArmored(f['newCertificate']),
    date: readInstant(f['date']),
  });
  return readDocument(foreignBytes, 'a change of the index key', build, renderIndexRotation);
}

function readArmored(claimed: unknown): string {
  if (typeof claimed === 'string' && claimed.length <= certificateCharactersMax) return claimed;
  throw refuse('input.not-a', { what: 'an armored certificate', claimed: typeof claimed });
}

export type CheckedRotation = { rotation: IndexRotation; sha256: Sha256; old: IndexKey; new: IndexKey };

/** The two keys of one document. Refuses `index-key.not-both` where either of them has not signed it. */
export async function checkRotation(
  { bytes, signature }: SignedBytes,
  at: number,
  hashing: Hashing,
): Promise<CheckedRotation> {
  const rotation = readIndexRotation(bytes);
  const read = (armored: string): Promise<IndexKey> => readIndexKey(new TextEncoder().encode(armored), at);
  const keys = { old: await read(rotation.oldCertificate), new: await read(rotation.newCertificate) };
  for (const which of ['old', 'new'] as const) {
    if (keys[which].facts.primary !== rotation[which])
      throw refuse('index-key.breaks-chain', { why: `the certificate of the ${which} key is that of another one` });
    const document = { what: `The change of the index key ${rotation.number}`, bytes, signature };
    await requireIndexSignature(document, keys[which], hashing).catch((fault: unknown) => {
      throw refuse('index-key.not-both', { number: rotation.number, which }, fault);
    });
  }
  if (rotation.old === rotation.new) throw refuse('index-key.breaks-chain', { why: 'the new key is the old one' });
  return { rotation, sha256: hashing.sha256(bytes), ...keys };
}

/**
 * All keys that the index had, oldest first, by its documents 1, 2, 3 …; none where there are no documents. Trusts none of the keys: the caller
 * knows one of them. Refuses `index-key.not-both`, `index-key.breaks-chain`.
 */
export async function checkRotations(
  documents: readonly SignedBytes[],
  { index, at, hashing }: { index: IndexName; at: number; hashing: Hashing },
): Promise<{ keys: IndexKey[]; steps: CheckedRotation[] }> {
  const steps: CheckedRotation[] = [];
  for (const document of documents) {
    const step = await checkRotation(document, at, hashing);
    requireFollows(step.rotation, steps.at(-1) ?? null, index);
    steps.push(step);
  }
  const [first] = steps;
  return { steps, keys: first ? [first.old, ...steps.map((step) => step.new)] : [] };
}

function requireFollows(rotation: IndexRotation, before: CheckedRotation | null, index: IndexName): void {
  const breaks = (why: string) => refuse('index-key.breaks-chain', { why });
  if (rotation.index !== index) throw breaks(`it is of the index ${rotation.index}`);
  if (rotation.number !== (before?.rotation.number ?? 0) + 1) throw breaks(`number ${rotation.number} does not follow`);
  if (rotation.previous !== (before?.sha256 ?? null)) throw breaks('it does not name the document before it');
  if (before && rotation.old !== before.rotation.new) throw breaks('its old key is not the new one before it');
}

/**
 * The changes that lead from one key to the one by which the index signs now, in their order; null: none do. Refuses what checkRotations refuses.
 */
export async function changesBetween(
  read: ReadPath,
  { from, to }: { from: Fingerprint; to: Fingerprint },
  checking: { index: IndexName; at: number; hashing: Hashing },
): Promise<CheckedRotation[] | null> {
  const { keys, steps } = await checkRotations(await collectRotations(read), checking);
  const chain = keys.map(({ facts }) => facts.primary);
  const start = chain.indexOf(from);
  return start === -1 || chain.at(-1) !== to ? null : steps.slice(start);
}

const rotationsMax = 100;

/** The documents as the tree has them, from 1 on until one is missing. */
export async function collectRotations(read: ReadPath): Promise<SignedBytes[]> {
  const documents: SignedBytes[] = [];
  for (let number = 1; number <= rotationsMax; number += 1) {
    const bytes = await read(indexRotationPath(number));
    if (!bytes) break;
    documents.push({ bytes, signature: await read(`${indexRotationPath(number)}.asc`) });
  }
  return documents;
}
