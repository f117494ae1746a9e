// Takes the token out of an opened message: whoever has it opened the message, and so holds the private key. It is good once, until it expires,
// for the account and the key that it was made for; another account is told so and uses nothing up. Refusals are kept in history.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { readOpenedToken } from '#lib/core/key-challenge.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, keepingRefusals, viaOf } from '#lib/server/change.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { finishProof, type ProofWay } from '#lib/server/judge/finish-proof.ts';
import { findOpened } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

export type ProveKeyByTokenInput = {
  fingerprint: string;
  /** The token, the link with it, or all that opening the message printed; hostile. */
  opened: string;
  way: Extract<ProofWay, 'opened' | 'opened-in-browser'>;
};

/**
 * @throws `person.sign-in-first`, `request.too-many`, `key.token-unreadable`, `key.token-sealed`, `key.token-unusable`,
 * `key.token-of-another`, `key.not-found`, `key.already-proven`, and `key.expired`, `key.revoked` … for a key that has ended meanwhile
 */
export async function proveKeyByToken(
  actor: Actor,
  input: ProveKeyByTokenInput,
): Promise<{ fingerprint: Fingerprint }> {
  const name = requireOwn(actor, 'account');
  await requireRate('key-token-by-person', name);
  return keepingRefusals(actor, viaOf(actor), { kind: 'key.proof-refused', person: name }, async () => {
    const tokenHash = hashToken(readOpenedToken(input.opened));
    const { fingerprint, challengeId } = await requireUsable(runtime().db, name, input.fingerprint, tokenHash);
    return change(actor, viaOf(actor), (work) =>
      finishProof(work, { name, key: fingerprint, challengeId, tokenHash, way: input.way }),
    );
  });
}

async function requireUsable(
  tx: Transaction,
  name: AccountName,
  claimedKey: string,
  tokenHash: string,
): Promise<{ fingerprint: Fingerprint; challengeId: string }> {
  const found = await findOpened(tx, name, tokenHash, runtime().clock.now());
  const { fingerprint } = await findOwnKey(tx, name, claimedKey);
  if (found.keyFingerprint !== fingerprint) throw refuse('key.token-unusable', {});
  return { fingerprint, challengeId: found.id };
}
