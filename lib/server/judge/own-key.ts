// A key of the actor's own account, by its claimed fingerprint. A foreign key is "not found", like one that does not exist.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readFingerprint, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { endOfWholeKey, type KeyFacts } from '#lib/core/key.ts';
import { sayReason } from '#lib/core/reason.ts';
import type { Key as KeyRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { factsOfKeyRow } from './key-ring.ts';

export type OwnKey = { fingerprint: Fingerprint; row: KeyRow; facts: KeyFacts };

function readClaimedKey(claimed: string): Fingerprint {
  try {
    return readFingerprint(claimed.replaceAll(' ', '').toUpperCase());
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('key.not-found', {}, fault);
    throw fault;
  }
}

/** Refuses `key.not-found`. */
export async function findOwnKey(tx: Transaction, name: AccountName, claimed: string): Promise<OwnKey> {
  const fingerprint = readClaimedKey(claimed);
  const row = await tx.key.findUnique({ where: { fingerprint } });
  if (!row || row.personName !== name) throw refuse('key.not-found', {});
  return { fingerprint, row, facts: await factsOfKeyRow(row) };
}

/** An own key that can sign now: proven, and by its certificate neither expired nor revoked. Refuses `key.not-active`. */
export async function requireActiveKey(
  tx: Transaction,
  name: AccountName,
  claimed: string,
  now: Date,
): Promise<OwnKey> {
  const key = await findOwnKey(tx, name, claimed);
  if (key.row.state === 'unproven')
    throw refuse('key.not-active', { key: key.fingerprint, why: 'it is not proven yet. Sign its phrase first.' });
  const end = endOfWholeKey(key.facts, now.getTime());
  if (end) throw refuse('key.not-active', { key: key.fingerprint, why: sayReason(end) });
  return key;
}
