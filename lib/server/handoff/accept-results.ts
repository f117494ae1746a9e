// Takes what the countersigner posts: the zip is checked whole (index signature over its list, allowed paths, digests, place in the chain of
// hand-backs) before one row keeps its bytes; place.ts does the rest from the row. Posting the same bytes again changes nothing.
import { refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readHandback, type Handback } from '#lib/evidence/handback.ts';
import { change, keepingRefusals, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadIndexKey } from './index-key.ts';

export const handbackBytesMax = 64 * 1024 ** 2;

const countersigner = { kind: 'countersigner' } as const;

/** Hand-backs sort by their id. */
export const handbackId = (sequence: number): string => String(sequence).padStart(12, '0');

/**
 * Keeps a hostile hand-back for placing and answers its digest. Refuses `handback.not-signed`, `handback.foreign-path`,
 * `handback.malformed`, `handback.out-of-order`, `evidence.other-release` (another index); a refusal is recorded, nothing else changes.
 */
export async function acceptResults(foreignBytes: Uint8Array): Promise<{ sha256: Sha256; sequence: number }> {
  return keepingRefusals(countersigner, 'hand-over', { kind: 'handback.refused' }, async () => {
    const sha256 = hashing.sha256(foreignBytes);
    const known = await runtime().db.handback.findUnique({ where: { sha256 } });
    if (known) return { sha256, sequence: Number(known.id) };
    const handback = await readHandback(foreignBytes, await loadIndexKey(), hashing);
    const { index, sequence } = handback.manifest;
    const { indexName } = runtime();
    if (index !== indexName)
      throw refuse('evidence.other-release', { what: 'index in the manifest', expected: indexName, found: index });
    await change(countersigner, 'hand-over', (work) => keepRow(work, handback, { sha256, bytes: foreignBytes }));
    return { sha256, sequence };
  });
}

async function keepRow(work: Change, handback: Handback, row: { sha256: Sha256; bytes: Uint8Array }): Promise<void> {
  const { manifest } = handback;
  const last = await work.tx.handback.findFirst({ orderBy: { id: 'desc' } });
  const expected = last ? Number(last.id) + 1 : 1;
  const outOfOrder = () => refuse('handback.out-of-order', { expected, given: manifest.sequence });
  const before = last ? await readHandback(last.bytes, await loadIndexKey(), hashing) : null;
  if (manifest.sequence !== expected || manifest.previous !== (before?.manifestSha256 ?? null)) throw outOfOrder();
  const data = {
    id: handbackId(expected),
    sha256: row.sha256,
    bytes: new Uint8Array(row.bytes),
    state: 'posted',
    postedAt: work.now,
  };
  await orTaken(work.tx.handback.create({ data }), outOfOrder);
  await work.record('handback.received', { details: { sequence: expected, paths: manifest.files.length } });
}
