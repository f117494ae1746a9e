// Mails the actor an encrypted message that only the private key opens; its token proves the key. The token is stored hashed and stands nowhere
// but inside the message. It hangs on the challenge that waits already (a phrase that was downloaded stays good), or on a new one; a
// message sent earlier cannot be used any more. A key that only signs is refused before anything is made or sent.
import { refuse } from '#lib/core/errors.ts';
import { renderInstant, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { renderKeyChallenge } from '#lib/core/key-challenge.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { encryptChallenge } from '#lib/pgp/encrypt-challenge.ts';
import { requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { findChallenge, makeChallenge } from '#lib/server/judge/key-challenge.ts';
import { findOwnKey, type OwnKey } from '#lib/server/judge/own-key.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { limits } from '#lib/server/limits.ts';
import { keyChallengeLetter } from '#lib/server/mail/letters/key-challenge.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

/**
 * @throws `person.sign-in-first`, `request.too-many`, `key.not-found`, `key.already-proven`, `key.cannot-decrypt`, and `key.expired`,
 * `key.revoked` … for a key that has ended
 */
export async function sendEncryptedChallenge(
  actor: Actor,
  input: { fingerprint: string },
): Promise<{ fingerprint: Fingerprint; expiresAt: Date }> {
  const name = requireOwn(actor, 'account');
  await requireRate('key-challenge-mail-by-person', name);
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const { fingerprint } = await findOwnKey(tx, name, input.fingerprint);
    await lockRow(tx, 'Key', fingerprint);
    const key = await findOwnKey(tx, name, fingerprint);
    if (key.row.state !== 'unproven') throw refuse('key.already-proven', { key: fingerprint });
    requireRegistrable(key.facts, now.getTime());
    const token = makeToken();
    const sealed = await seal(key, name, token, now);
    const expiresAt = after(now, limits.keyChallengeMs);
    const data = { tokenHash: hashToken(token), sealed, mailedAt: now, expiresAt };
    await tx.keyChallenge.update({ where: { id: await challengeFor(work, name, fingerprint) }, data });
    await work.record('key.challenge-mailed', { person: name, details: { key: fingerprint } });
    await tellPeople(work, [name], () => keyChallengeLetter({ person: name, key: fingerprint, sealed, expiresAt }));
    return { fingerprint, expiresAt };
  });
}

function seal({ fingerprint, row }: OwnKey, account: AccountName, token: string, now: Date): Promise<string> {
  const { indexName: index, config } = runtime();
  const at = renderInstant(now.getTime());
  const text = renderKeyChallenge({ index, account, key: fingerprint, at, token, site: config.publicUrl });
  return encryptChallenge(row.certificate, text, now.getTime());
}

/** The challenge that waits, or a new one: its id. */
async function challengeFor(work: Change, name: AccountName, key: Fingerprint): Promise<string> {
  const waiting = await findChallenge(work.tx, name, key, work.now);
  if (waiting) return waiting.id;
  await makeChallenge(work, name, key);
  const made = await findChallenge(work.tx, name, key, work.now);
  if (!made) throw new Error('A challenge that was just made is not there.');
  return made.id;
}
