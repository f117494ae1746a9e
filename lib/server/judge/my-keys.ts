// The reader's own keys as a signing panel needs them: which would count for a document now, and which signing (sub)key to name
// in a command. Whether a key counts is core's answer.
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { endOfKey, isUsableKey, type KeyFacts } from '#lib/core/key.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type MyKey = {
  /** Primary fingerprint: the identity. */
  fingerprint: Fingerprint;
  /** Signing (sub)keys that could sign now; the first one stands in the commands as `FPR!`. */
  signing: Fingerprint[];
  userId: string;
  expires: Date | null;
};

/** Proven keys of this person that could sign now. */
export async function loadUsableKeys(tx: Transaction, name: AccountName, now: Date): Promise<MyKey[]> {
  const rows = await tx.key.findMany({ where: { personName: name, state: 'active' }, orderBy: { createdAt: 'asc' } });
  const facts = await Promise.all(rows.map((row) => readKeyFacts(row.certificate)));
  return facts.filter((fact) => isUsableKey(fact, now.getTime())).map((fact) => asMyKey(fact, now));
}

/** One key as a panel shows it: the newest signing subkey first, as gpg chooses it; the primary last. */
export function asMyKey(facts: KeyFacts, now: Date): MyKey {
  const usable = facts.signing.filter((signing) => endOfKey(facts, signing.fingerprint, now.getTime()) === null);
  const ordered = usable.sort(
    (a, b) =>
      Number(a.fingerprint === facts.primary) - Number(b.fingerprint === facts.primary) || b.created - a.created,
  );
  return {
    fingerprint: facts.primary,
    signing: ordered.map((signing) => signing.fingerprint),
    userId: facts.userIds[0] ?? '',
    expires: facts.expires === null ? null : new Date(facts.expires),
  };
}
