// What the opening worker answers, run in Node: the same code that is served under /assets/. Keys are made here, in milliseconds.
import { createMessage, encrypt, encryptKey, generateKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import { openOnce, type OpeningRequest } from '#lib/browser/open-once.ts';
import { readAccountName, readFingerprint, readIndexName, readInstant } from '#lib/core/ids.ts';
import { renderKeyChallenge, type KeyChallenge } from '#lib/core/key-challenge.ts';
import { encryptChallenge } from '#lib/pgp/encrypt-challenge.ts';
import { noon } from '../support/pgp.ts';

const newKey = (name: string) =>
  generateKey({
    ...{ type: 'ecc', curve: 'curve25519Legacy', format: 'object', date: new Date(noon - 86_400_000) },
    userIDs: [{ name }],
  });
const ada = await newKey('ada');
const key = readFingerprint(ada.publicKey.getFingerprint().toUpperCase());

const challenge: KeyChallenge = {
  ...{ index: readIndexName('sign.example.org'), account: readAccountName('ada'), key },
  ...{ at: readInstant('2026-06-01T12:00:00Z'), token: 'T'.repeat(43), site: 'https://sign.example.org' },
};
const sealed = (text: string) => encryptChallenge(ada.publicKey.write(), text, noon);
const message = await sealed(renderKeyChallenge(challenge));

const request: OpeningRequest = {
  shown: { index: 'sign.example.org', account: 'ada', key },
  ...{ message, privateKey: ada.privateKey.armor(), passphrase: '', now: noon },
};
const codeOf = async (changed: Partial<OpeningRequest>): Promise<string> =>
  (await openOnce({ ...request, ...changed })).refusal?.code ?? 'opened';

test('the token comes out, and nothing else', async () => {
  expect(await openOnce(request)).toEqual({ token: challenge.token });
});

test('a locked key opens it with its passphrase, and neither is in an answer', async () => {
  const privateKey = (await encryptKey({ privateKey: ada.privateKey, passphrase: 'correct horse' })).armor();
  expect(await codeOf({ privateKey, passphrase: 'correct horse' })).toBe('opened');
  expect(await codeOf({ privateKey })).toBe('private-key.needs-passphrase');
  const wrong = JSON.stringify(await openOnce({ ...request, privateKey, passphrase: 'wrong horse' }));
  expect(wrong).toContain('private-key.wrong-passphrase');
  expect(wrong).not.toMatch(/horse|BEGIN/);
});

describe('what is no challenge for this key is refused, and not a word of it is answered', () => {
  test.each([
    ['another mail of the person', 'Dear Ada, the launch code is 4711.\n', 'challenge.not-ours'],
    ['a challenge with a line more', `${renderKeyChallenge(challenge)}4711\n`, 'challenge.not-ours'],
    [
      'one for another account',
      renderKeyChallenge({ ...challenge, account: readAccountName('eve') }),
      'challenge.not-ours',
    ],
    [
      'one of another index',
      renderKeyChallenge({ ...challenge, index: readIndexName('evil.example') }),
      'challenge.not-ours',
    ],
    [
      'one for another key',
      renderKeyChallenge({ ...challenge, key: readFingerprint('A'.repeat(40)) }),
      'challenge.not-ours',
    ],
  ])('%s', async (_, text, code) => {
    const answer = await openOnce({ ...request, message: await sealed(text) });
    expect(answer.refusal?.code).toBe(code);
    expect(JSON.stringify(answer)).not.toMatch(/4711|T{43}/);
  });

  test('a message to somebody else, a changed one, and none', async () => {
    const bo = await newKey('bo');
    expect(await codeOf({ message: await encryptChallenge(bo.publicKey.write(), 'x', noon) })).toBe(
      'challenge.not-for-this-key',
    );
    expect(await codeOf({ privateKey: bo.privateKey.armor() })).toBe('challenge.not-for-this-key');
    expect(await codeOf({ message: 'x' })).toBe('challenge.unreadable');
    expect(await codeOf({ message: message.slice(0, 300) })).toBe('challenge.unreadable');
    const binary = await encrypt({
      message: await createMessage({ text: renderKeyChallenge(challenge) }),
      ...{ encryptionKeys: ada.publicKey, format: 'binary' as const, date: new Date(noon) },
    });
    const changed = Uint8Array.from(binary);
    changed[changed.length - 9] = (changed.at(-9) ?? 0) ^ 1;
    const lines = Buffer.from(changed).toString('base64');
    expect(await codeOf({ message: `-----BEGIN PGP MESSAGE-----\n\n${lines}\n-----END PGP MESSAGE-----\n` })).toBe(
      'challenge.not-for-this-key',
    );
  });

  test('the private key of another key of the person', async () => {
    const other = await newKey('ada');
    const text = await encryptChallenge(other.publicKey.write(), renderKeyChallenge(challenge), noon);
    expect(await codeOf({ message: text, privateKey: other.privateKey.armor() })).toBe('signing.foreign-key');
  });
});
