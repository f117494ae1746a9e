// The four routes that prove a key, two by signing and two by opening: each ends with an active key, once, for the account and the key that it
// was made for. What is refused changes nothing but history.
import { decrypt, generateKey, readMessage, revokeKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOnce } from '#lib/browser/open-once.ts';
import { readFingerprint } from '#lib/core/ids.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { proveKeyByToken } from '#lib/server/commands/prove-key-by-token.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { sendEncryptedChallenge } from '#lib/server/commands/send-encrypted-challenge.ts';
import { startKeyProof } from '#lib/server/commands/start-key-proof.ts';
import { limits } from '#lib/server/limits.ts';
import { keyPage, keyPhrase } from '#lib/server/queries/account-keys.ts';
import { keyChallengeFile } from '#lib/server/queries/key-challenge-file.ts';
import { mailboxAttachment, readMailboxMail } from '#lib/server/queries/mailbox.ts';
import { openedLink } from '#lib/server/queries/opened-link.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeAccount,
  makeKey,
  makeProvenKey,
  signBytes,
  visitor,
  type TestKey,
  type TestPerson,
} from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const day = 86_400_000;

/** A key with a signing and an encryption subkey. */
async function makeOpeningKey(name: string, expiresInSeconds?: number): Promise<TestKey> {
  const made = await generateKey({
    ...{ type: 'ecc', curve: 'curve25519Legacy', format: 'object', userIDs: [{ name }] },
    ...{ subkeys: [{ sign: true }, {}], date: new Date(runtime.clock.now().getTime() - day) },
    ...(expiresInSeconds && { keyExpirationTime: expiresInSeconds }),
  });
  const fingerprint = readFingerprint(made.publicKey.getFingerprint().toUpperCase());
  return { private: made.privateKey, certificate: made.publicKey.write(), fingerprint };
}

type Asker = { actor: TestPerson['actor']; address: string; key: TestKey };

/** Somebody with an unproven key to whom a message was sent. */
async function makeAsker(name: string, expiresInSeconds?: number): Promise<Asker> {
  const account = await makeAccount(name);
  const key = await makeOpeningKey(name, expiresInSeconds);
  await addKey(account.actor, { certificate: key.certificate });
  await sendEncryptedChallenge(account.actor, { fingerprint: key.fingerprint });
  return { ...account, key };
}

const newestMail = (address: string) =>
  runtime.db.mail.findFirstOrThrow({
    where: { toAddress: address, event: 'key.challenge' },
    orderBy: [{ createdAt: 'desc' }],
  });

async function sealedFor({ address }: Asker): Promise<string> {
  const { attachments } = await newestMail(address);
  return (attachments as { text: string }[])[0]?.text ?? '';
}

/** What opening the newest mailed message prints. */
async function open(asker: Asker): Promise<string> {
  const message = await readMessage({ armoredMessage: await sealedFor(asker) });
  const date = runtime.clock.now();
  return String((await decrypt({ message, decryptionKeys: asker.key.private, date })).data);
}

const tokenIn = (text: string): string => /^# token: (.+)$/m.exec(text)?.[1] ?? '';
const prove = ({ actor, key }: Asker, opened: string) =>
  proveKeyByToken(actor, { fingerprint: key.fingerprint, opened, way: 'opened' });
const stateOf = async ({ actor, key }: Asker) => (await keyPage(actor, key.fingerprint)).state;

describe('each of the four routes ends with an active key', () => {
  it.each(['browser', 'upload'] as const)('by signing the phrase (%s)', async (way) => {
    const asker = await makeAsker(`signs-${way}`);
    const { bytes } = await keyPhrase(asker.actor, asker.key.fingerprint);
    await proveKey(asker.actor, {
      fingerprint: asker.key.fingerprint,
      signature: await signBytes(asker.key, bytes),
      way,
    });
    expect(await stateOf(asker)).toBe('active');
  });

  it.each([
    [
      'all that opening printed',
      (text: string) => `gpg: encrypted with cv25519 key\r\n${text.replaceAll('\n', '\r\n')}`,
    ],
    ['the link alone', (text: string) => /https:\S+/.exec(text)?.[0] ?? ''],
    ['the token alone', tokenIn],
  ])('by opening the mailed message and handing in %s', async (what, take) => {
    const asker = await makeAsker(`opens-${what.replaceAll(' ', '-')}`);
    await prove(asker, take(await open(asker)));
    expect(await stateOf(asker)).toBe('active');
    const mails = await runtime.db.mail.findMany({
      where: { toAddress: asker.address },
      orderBy: { createdAt: 'asc' },
    });
    expect(mails.map((mail) => mail.event).sort()).toEqual(['key.added', 'key.challenge']);
  });

  it('by opening it in the browser, from what the page shows', async () => {
    const asker = await makeAsker('opens-here');
    const { challenge } = await keyPage(asker.actor, asker.key.fingerprint);
    const answer = await openOnce({
      shown: { index: runtime.indexName, account: asker.actor.name, key: asker.key.fingerprint },
      message: challenge?.mailed?.sealed ?? '',
      ...{ privateKey: asker.key.private.armor(), passphrase: '', now: runtime.clock.now().getTime() },
    });
    await proveKeyByToken(asker.actor, {
      ...{ fingerprint: asker.key.fingerprint, opened: answer.token ?? '', way: 'opened-in-browser' },
    });
    expect(await stateOf(asker)).toBe('active');
  });
});

describe('the token of a mailed message', () => {
  it('stands nowhere but inside the message: rows hold its hash', async () => {
    const asker = await makeAsker('hashed');
    const token = tokenIn(await open(asker));
    const rows = JSON.stringify([await runtime.db.keyChallenge.findMany(), await runtime.db.mail.findMany()]);
    expect(rows).toContain(hashToken(token));
    expect(rows).not.toContain(token);
  });

  it('proves once', async () => {
    const asker = await makeAsker('twice');
    const text = await open(asker);
    await prove(asker, text);
    await expectRefusal(() => prove(asker, text), 'key.token-unusable', 'key.proof-refused');
  });

  it('proves once, also when it comes twice at the same moment', async () => {
    const asker = await makeAsker('at-once');
    const text = await open(asker);
    const outcomes = await Promise.allSettled([prove(asker, text), prove(asker, text)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await runtime.db.historyEntry.count({ where: { kind: 'key.proven', personName: 'at-once' } })).toBe(1);
  });

  it('is of no use to another account, not even one that names its own key', async () => {
    const asker = await makeAsker('sent-to');
    const other = await makeAsker('took-it');
    const text = await open(asker);
    await expectRefusal(() => prove(other, text), 'key.token-of-another', 'key.proof-refused');
    await expectRefusal(() => prove({ ...other, key: asker.key }, text), 'key.token-of-another', 'key.proof-refused');
    await expectRefusal(
      () => proveKeyByToken(visitor, { fingerprint: asker.key.fingerprint, opened: text, way: 'opened' }),
      'person.sign-in-first',
    );
  });

  it('is of no use for another key of the same person', async () => {
    const asker = await makeAsker('two-keys');
    const second = await makeOpeningKey('two-keys');
    await addKey(asker.actor, { certificate: second.certificate });
    const text = await open(asker);
    await expectRefusal(() => prove({ ...asker, key: second }, text), 'key.token-unusable', 'key.proof-refused');
    expect(await stateOf(asker)).toBe('unproven');
  });

  it('expires, and ends with a newer message or a newer phrase', async () => {
    const asker = await makeAsker('late');
    const first = await open(asker);
    runtime.advance(limits.keyChallengeMs);
    await expectRefusal(() => prove(asker, first), 'key.token-unusable', 'key.proof-refused');
    runtime.advance(-limits.keyChallengeMs + 1000);
    await sendEncryptedChallenge(asker.actor, { fingerprint: asker.key.fingerprint });
    const second = await open(asker);
    await expectRefusal(() => prove(asker, first), 'key.token-unusable', 'key.proof-refused');
    await startKeyProof(asker.actor, { fingerprint: asker.key.fingerprint });
    await expectRefusal(() => prove(asker, second), 'key.token-unusable', 'key.proof-refused');
  });

  it('leaves a phrase that was downloaded before as it was', async () => {
    const { actor } = await makeAccount('changes-mind');
    const key = await makeOpeningKey('changes-mind');
    await addKey(actor, { certificate: key.certificate });
    const before = await keyPhrase(actor, key.fingerprint);
    await sendEncryptedChallenge(actor, { fingerprint: key.fingerprint });
    expect(await keyPhrase(actor, key.fingerprint)).toEqual(before);
  });

  it('proves no key that was revoked or has expired meanwhile', async () => {
    const asker = await makeAsker('revoked-meanwhile');
    const text = await open(asker);
    const revoked = await revokeKey({
      ...{ key: asker.key.private, date: runtime.clock.now(), format: 'object' },
      reasonForRevocation: { flag: 2, string: 'stolen' },
    });
    await addKey(asker.actor, { certificate: revoked.publicKey.write() });
    await expectRefusal(() => prove(asker, text), 'key.revoked', 'key.proof-refused');
    const brief = await makeAsker('expired-meanwhile', (day + 3_600_000) / 1000);
    const late = await open(brief);
    runtime.advance(2 * 3_600_000);
    await expectRefusal(() => prove(brief, late), 'key.expired', 'key.proof-refused');
    await expectRefusal(
      () => sendEncryptedChallenge(brief.actor, { fingerprint: brief.key.fingerprint }),
      'key.expired',
    );
    runtime.advance(-2 * 3_600_000);
  });

  it('is asked for in words where something else was pasted', async () => {
    const asker = await makeAsker('pastes-wrong');
    const sealed = await sealedFor(asker);
    await expectRefusal(() => prove(asker, sealed), 'key.token-sealed', 'key.proof-refused');
    await expectRefusal(() => prove(asker, 'x'), 'key.token-unreadable', 'key.proof-refused');
    await expectRefusal(() => prove(asker, 'T'.repeat(43)), 'key.token-unusable', 'key.proof-refused');
  });
});

describe('an encrypted message', () => {
  it('is never sent to a key that only signs, and the page knows it', async () => {
    const { actor } = await makeAccount('only-signs');
    const key = await makeKey('only-signs');
    await addKey(actor, { certificate: key.certificate });
    expect((await keyPage(actor, key.fingerprint)).canOpenMail).toBe(false);
    await expectRefusal(() => sendEncryptedChallenge(actor, { fingerprint: key.fingerprint }), 'key.cannot-decrypt');
  });

  it('is not sent for a key that is proven already, for a foreign key, or without limit', async () => {
    const asker = await makeAsker('asks-much');
    const other = await makeAccount('other');
    const wish = { fingerprint: asker.key.fingerprint };
    await expectRefusal(() => sendEncryptedChallenge(other.actor, wish), 'key.not-found');
    for (let sent = 1; sent < limits.keyChallengeMailsPerPerson; sent += 1)
      await sendEncryptedChallenge(asker.actor, wish);
    await expectRefusal(() => sendEncryptedChallenge(asker.actor, wish), 'request.too-many');
    const proven = await makeAccount('proven-already');
    const { fingerprint } = await makeProvenKey(proven.actor, await makeOpeningKey('proven-already'));
    await expectRefusal(() => sendEncryptedChallenge(proven.actor, { fingerprint }), 'key.already-proven');
  });

  it('is given as a file to its person and on the local mailbox page, and to nobody else', async () => {
    const asker = await makeAsker('takes-file');
    const other = await makeAccount('wants-file');
    const sealed = await sealedFor(asker);
    const file = await keyChallengeFile(asker.actor, asker.key.fingerprint);
    expect([file.fileName, new TextDecoder().decode(file.bytes)]).toEqual(['countersign-challenge.asc', sealed]);
    await expectRefusal(() => keyChallengeFile(other.actor, asker.key.fingerprint), 'key.not-found');
    await expectRefusal(() => keyChallengeFile(visitor, asker.key.fingerprint), 'person.sign-in-first');
    const { id } = await newestMail(asker.address);
    const { mailbox } = runtime.secrets;
    expect(await mailboxAttachment(mailbox, id, file.fileName)).toEqual(file);
    expect((await readMailboxMail(mailbox, id)).attachments).toEqual([file.fileName]);
    for (const [secret, name] of [
      ['wrong', file.fileName],
      [mailbox, '../mailbox-secret'],
    ] as const)
      await expectRefusal(() => mailboxAttachment(secret, id, name), 'mailbox.not-found');
  });

  it('opens with the older of two live encryption keys too', async () => {
    const { actor, address } = await makeAccount('two-subkeys');
    const made = await generateKey({
      ...{ type: 'ecc', curve: 'curve25519Legacy', format: 'object', userIDs: [{ name: 'x' }] },
      ...{ subkeys: [{}, {}], date: new Date(runtime.clock.now().getTime() - day) },
    });
    const fingerprint = readFingerprint(made.publicKey.getFingerprint().toUpperCase());
    const asker = {
      actor,
      address,
      key: { private: made.privateKey, certificate: made.publicKey.write(), fingerprint },
    };
    await addKey(actor, { certificate: asker.key.certificate });
    await sendEncryptedChallenge(actor, { fingerprint });
    const message = await readMessage({ armoredMessage: await sealedFor(asker) });
    const wanted = made.publicKey.subkeys.map((subkey) => subkey.getKeyID().toHex()).sort();
    expect(
      message
        .getEncryptionKeyIDs()
        .map((id) => id.toHex())
        .sort(),
    ).toEqual(wanted);
  });
});

describe('the page behind the link', () => {
  it('changes nothing however often it is opened, and says who can use it', async () => {
    const asker = await makeAsker('clicks');
    const other = await makeAccount('onlooks');
    const token = tokenIn(await open(asker));
    const look = (actor: Parameters<typeof openedLink>[0], given = token) =>
      openedLink(actor, asker.key.fingerprint, given);
    const before = await runtime.db.keyChallenge.findMany();
    expect(await look(asker.actor)).toMatchObject({ state: 'usable', account: 'clicks' });
    expect(await look(asker.actor)).toMatchObject({ state: 'usable' });
    expect(await look(other.actor)).toEqual({ state: 'of-another' });
    expect(await look(visitor)).toEqual({ state: 'signed-out' });
    expect(await look(asker.actor, 'T'.repeat(43))).toEqual({ state: 'unusable' });
    expect(await runtime.db.keyChallenge.findMany()).toEqual(before);
    await prove(asker, token);
    expect(await look(asker.actor)).toEqual({ state: 'unusable' });
  });
});
