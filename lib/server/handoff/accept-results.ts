// Takes what the countersigner posts: the zip is checked whole (index signature over its list, allowed paths, digests, place in the chain of
// hand-backs) before one row keeps its bytes; place.ts does the rest from the row. Posting the same bytes again changes nothing.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import type { IndexKey } from '#lib/evidence/index-signature.ts';
import { change, keepingRefusals, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { runtime } from '#lib/server/runtime.ts';
import { requireHeldRoots } from './held-root.ts';
import { loadIndexKeys } from './index-key.ts';

export const handbackBytesMax = 64 * 1024 ** 2;

const countersigner = { kind: 'countersigner' } as const;

/** Hand-backs sort by their id. */
const handbackId = (sequence: number): string => String(sequence).padStart(12, '0');

/**
 * Keeps a hostile hand-back for placing and answers its digest. Refuses `handback.not-signed`, `handback.foreign-path`,
 * `handback.malformed`, `handback.out-of-order`, `evidence.other-release` (another index), `tuf.development-root`; a refusal is recorded, nothing else changes.
 */
export async function acceptResults(foreignBytes: Uint8Array): Promise<{ sha256: Sha256; sequence: number }> {
  return keepingRefusals(countersigner, 'hand-over', { kind: 'handback.refused' }, async () => {
    const sha256 = hashing.sha256(foreignBytes);
    const known = await runtime().db.handback.findUnique({ where: { sha256 } });
    if (known) return { sha256, sequence: Number(known.id) };
    const at = runtime().clock.now().getTime();
    const { handback, keys } = await readHandbackBy(foreignBytes, { keys: (await loadIndexKeys()).all, at, hashing });
    const { index, sequence, previous } = handback.manifest;
    const { indexName, config } = runtime();
    if (index !== indexName)
      throw refuse('evidence.other-release', { what: 'index in the manifest', expected: indexName, found: index });
    requireHeldRoots(config.publicUrl, handback.files);
    const before = await newestHandback(keys, at);
    const expected = before.sequence + 1;
    if (sequence !== expected || previous !== before.manifestSha256)
      throw refuse('handback.out-of-order', { expected, given: sequence });
    await change(countersigner, 'hand-over', (work) => keepHandback(work, handback, { sha256, bytes: foreignBytes }));
    return { sha256, sequence };
  });
}

type Before = { sequence: number; manifestSha256: Sha256 | null };

/**
 * The newest hand-back that we hold: what the next one must follow. It was accepted already, so any key that we know will do. Read before the
 * transaction, because unpacking takes time.
 */
export async function newestHandback(keys: readonly IndexKey[], at: number): Promise<Before> {
  const last = await runtime().db.handback.findFirst({ orderBy: { id: 'desc' } });
  if (!last) return { sequence: 0, manifestSha256: null };
  for (let known = keys.length; ; known -= 1) {
    try {
      const { handback } = await readHandbackBy(last.bytes, { keys: keys.slice(0, known), at, hashing });
      return { sequence: Number(last.id), manifestSha256: handback.manifestSha256 };
    } catch (fault) {
      if (known <= 1 || !isRefusal(fault) || fault.code !== 'handback.not-signed') throw fault;
    }
  }
}

/** Two at once meet at the primary key: one of them is out of order. */
export async function keepHandback(
  work: Change,
  { manifest }: Handback,
  row: { sha256: Sha256; bytes: Uint8Array },
): Promise<void> {
  const data = { id: handbackId(manifest.sequence), ...row, bytes: new Uint8Array(row.bytes), state: 'posted' };
  const outOfOrder = () =>
    refuse('handback.out-of-order', { expected: manifest.sequence + 1, given: manifest.sequence });
  await orTaken(work.tx.handback.create({ data: { ...data, postedAt: work.now } }), outOfOrder);
  await work.record('handback.received', { details: { sequence: manifest.sequence, paths: manifest.files.length } });
}
