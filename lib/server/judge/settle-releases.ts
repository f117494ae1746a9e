// After a key ended: which published releases that it signed no longer meet their threshold? Only a hard revocation does that (core
// decides). The release stays where it is (only the countersigner moves it); its row, its history and its owners know at once.
import { readDraftId, readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { ownersOf } from '#lib/core/policy.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { releaseBelowLetter } from '#lib/server/mail/letters/release-below.ts';
import { loadCase } from './load-case.ts';
import { requirePolicyInForce } from './load-policy.ts';
import { tellPeople } from './tell-people.ts';

/** Judges every published release with a signature by this key anew, in the order of their ids. */
export async function settleReleasesOfKey(change: Change, key: Fingerprint): Promise<void> {
  const where = { state: 'published', belowSince: null, signatures: { some: { key } } };
  const rows = await change.tx.draft.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } });
  for (const { id } of rows) await settleRelease(change, id, readFingerprint(key));
}

async function settleRelease(change: Change, id: string, key: Fingerprint): Promise<void> {
  const { tx, now } = change;
  await lockRow(tx, 'Draft', id);
  const row = await tx.draft.findUniqueOrThrow({ where: { id } });
  const { draft, verdict } = await loadCase(tx, row, now);
  if (verdict.met) return;
  const written = await tx.draft.updateMany({
    where: { id, state: 'published', belowSince: null },
    data: { belowSince: now },
  });
  if (written.count === 0) return;
  const numbers = { counted: verdict.required - verdict.missing, required: verdict.required };
  const { project, version } = draft;
  await change.record('release.below-threshold', {
    ...{ project, draft: readDraftId(id) },
    details: { version, key, ...numbers },
  });
  const owners = ownersOf((await requirePolicyInForce(tx, project)).policy).map(({ name }) => name);
  const letter = releaseBelowLetter({ project, version, draft: draft.id, key, ...numbers });
  await tellPeople(change, owners, () => letter);
}
