// The drafts and releases that a policy could touch, loaded for core's `consequencesOf`. Only a strike moves a release, so only those with a
// signature by a newly struck key are loaded. For queries that asked what the reader may see; nothing here is believed by anybody else.
import type { Policy } from '#lib/core/policy.ts';
import { consequencesOf, type Affected, type Consequences } from '#lib/core/consequences.ts';
import { compareVersions } from '#lib/python/versions.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing } from './key-ring.ts';
import { loadCase } from './load-case.ts';

/** `before`: the policy in force. Reads only. */
export async function loadConsequences(
  tx: Transaction,
  before: Policy | null,
  next: Policy,
  now: Date,
): Promise<Consequences> {
  const named = [...(before?.people ?? []), ...next.people].flatMap(({ keys }) => keys);
  const ring = await loadKeyRing(tx, named);
  const { project } = next;
  const open = { projectName: project, state: { in: ['draft', 'approved'] } };
  const known = new Set(before?.struck.map((entry) => JSON.stringify(entry)));
  const struck = next.struck.filter((entry) => !known.has(JSON.stringify(entry))).flatMap(({ keys }) => keys);
  const released = { projectName: project, publishedAt: { not: null }, signatures: { some: { key: { in: struck } } } };
  return consequencesOf({
    ...{ before, next, keys: ring.facts, now: now.getTime() },
    drafts: before ? await loadAffected(tx, open, now) : [],
    releases: struck.length > 0 ? await loadAffected(tx, released, now) : [],
  });
}

type Where = NonNullable<Parameters<Transaction['draft']['findMany']>[0]>['where'];

async function loadAffected(tx: Transaction, where: Where, now: Date): Promise<Affected[]> {
  const rows = await tx.draft.findMany({ where });
  const affected: Affected[] = [];
  for (const row of rows) {
    const { draft, judged } = await loadCase(tx, row, now);
    affected.push({ id: draft.id, version: draft.version, judged });
  }
  // By version, which is one order for everybody; the times of two drafts can be equal.
  return affected.sort((a, b) => compareVersions(a.version, b.version));
}
