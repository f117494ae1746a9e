// What proves a key: the phrase, made by us, signed by its owner, and the token of the encrypted message. Used once, whichever way. The phrase
// names index, account, key and moment, so that a signature over it proves nothing anywhere else.
import { randomBytes, randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { renderInstant, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { renderKeyProof } from '#lib/core/key.ts';
import { after } from '#lib/server/clock.ts';
import type { Change } from '#lib/server/change.ts';
import type { KeyChallenge as ChallengeRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Makes a new phrase; earlier ones of the same key end here. */
export async function makeChallenge(
  work: Change,
  name: AccountName,
  key: Fingerprint,
): Promise<{ expiresAt: Date; phrase: string }> {
  const { tx, now } = work;
  await tx.keyChallenge.updateMany({ where: { keyFingerprint: key, usedAt: null }, data: { usedAt: now } });
  const proof = {
    index: runtime().indexName,
    account: name,
    key,
    at: renderInstant(now.getTime()),
    nonce: randomBytes(16).toString('hex'),
  };
  const expiresAt = after(now, limits.keyChallengeMs);
  const phrase = renderKeyProof(proof);
  await tx.keyChallenge.create({
    data: {
      id: randomUUID(),
      keyFingerprint: key,
      personName: name,
      createdAt: now,
      expiresAt,
      phrase: new TextEncoder().encode(phrase),
    },
  });
  return { expiresAt, phrase };
}

/** The phrase that waits to be signed; null: none, used, or expired. */
export function findChallenge(
  tx: Transaction,
  name: AccountName,
  key: string,
  now: Date,
): Promise<ChallengeRow | null> {
  return tx.keyChallenge.findFirst({
    where: { keyFingerprint: key, personName: name, usedAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: 'desc' },
  });
}

/**
 * The challenge whose mailed token has this hash. Refuses `key.token-unusable` (none, used, expired, replaced) and `key.token-of-another`
 * where it was made for another account.
 */
export async function findOpened(
  tx: Transaction,
  name: AccountName,
  tokenHash: string,
  now: Date,
): Promise<ChallengeRow> {
  const row = await tx.keyChallenge.findUnique({ where: { tokenHash } });
  if (row && row.personName !== name) throw refuse('key.token-of-another', {});
  if (!row || row.usedAt !== null || row.expiresAt <= now) throw refuse('key.token-unusable', {});
  return row;
}
