// What was chosen with a removal for a release that fell by it (commands/remove-person.ts): whether the others are asked to sign it again. It decides
// nothing that anybody verifies: a quarantined release can be signed again whatever was chosen.
import type { Transaction } from '#lib/server/db/transaction.ts';

/** Those of these drafts that were to be left quarantined, by the newest policy that came into force and says so of them. */
export async function leftQuarantined(tx: Transaction, drafts: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.releaseFate.findMany({
    where: { draftId: { in: [...drafts] }, policy: { state: { in: ['in-force', 'superseded'] } } },
    orderBy: { policy: { version: 'asc' } },
  });
  const newest = new Map(rows.map(({ draftId, fate }) => [draftId, fate]));
  return new Set([...newest].flatMap(([draft, fate]) => (fate === 'quarantine' ? [draft] : [])));
}

/** It is published again: what was chosen is over, and another fall asks anew. History keeps it. */
export async function forgetFates(tx: Transaction, draft: string): Promise<void> {
  await tx.releaseFate.deleteMany({ where: { draftId: draft } });
}
