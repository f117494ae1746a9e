// A key made for a person: what it is, that it leaves locked only, and that GnuPG 2.2 and Debian's sq take all three pieces of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPrivateKey } from 'openpgp';
import { afterAll, describe, expect, test } from 'vitest';
import { makeKey } from '#lib/pgp/make-key.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate, requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { recognise } from '#lib/pgp/recognise.ts';
import { signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';
import { bytesOf, judge, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

const passphrase = 'lantern river copper owl';
// Real tools judge by their own clock, so the key is made a minute ago by it.
const made = Math.floor(Date.now() / 1000) * 1000 - 60_000;
const year = 365 * 24 * 3_600_000;
const wanted = { name: 'Ada Lovelace', address: 'ada@example.org', passphrase, made, expires: made + 2 * year };
const key = await makeKey(wanted);
const certificate = bytesOf(key.certificate);
const data = vector('SHA256SUMS');

test('a made key is Ed25519, signs with its primary, names the person, ends when chosen, and can be registered', async () => {
  const { facts } = await readCertificate(certificate, made);
  expect(facts).toMatchObject({
    ...{ primary: key.fingerprint, algorithm: 'Ed25519 (EdDSA)', created: made, expires: wanted.expires },
    ...{ userIds: ['Ada Lovelace <ada@example.org>'], canEncrypt: false, revocation: null },
  });
  expect(facts.signing.map(({ fingerprint }) => fingerprint)).toEqual([key.fingerprint]);
  expect(await refusalOf(() => requireRegistrable(facts, made))).toBe('accepted');
});

test('the private key leaves locked, and opens with its passphrase alone', async () => {
  expect(recognise(bytesOf(key.privateKey))).toBe('private-key');
  expect((await readPrivateKey({ armoredKey: key.privateKey })).isDecrypted()).toBe(false);
  const open = (words: string) => unlockPrivateKey(bytesOf(key.privateKey), words, made);
  expect(await refusalOf(() => open('lantern river copper cat'))).toBe('private-key.wrong-passphrase');
  expect(await refusalOf(() => open(''))).toBe('private-key.needs-passphrase');
  const signature = bytesOf(await signDetached(await open(passphrase), data, made));
  expect(await reasonsFor({ signature, keys: [certificate], data, received: made, now: made })).toEqual([null]);
  expect(JSON.stringify(key)).not.toContain('copper');
});

test('the revocation certificate ends the key for good once it is merged', async () => {
  expect(recognise(bytesOf(key.revocation))).not.toBe('private-key');
  const gpg = openGnupg();
  gpg.import(key.certificate);
  gpg.import(key.revocation);
  const { bytes } = await mergeCertificates(certificate, gpg.run('--export', key.fingerprint));
  const signer = await unlockPrivateKey(bytesOf(key.privateKey), passphrase, made);
  const signature = bytesOf(await signDetached(signer, data, made));
  const [answer] = await judge({ signature, keys: [bytes], data, received: made, now: made });
  expect(answer?.reason).toBe('key-revoked-hard');
});

describe('no key is made', () => {
  test.each([
    [{ passphrase: 'short words' }, 'made-key.short-passphrase'],
    [{ name: '' }, 'made-key.bad-name'],
    [{ name: 'Eve <ada@example.org>' }, 'made-key.bad-name'],
    [{ name: 'Eve\u202eadA' }, 'made-key.bad-name'],
    [{ name: 'x'.repeat(81) }, 'made-key.bad-name'],
    [{ expires: made }, 'made-key.bad-end'],
    [{ expires: Number.NaN }, 'made-key.bad-end'],
  ])('with %j (%s)', async (change, code) => {
    expect(await refusalOf(() => makeKey({ ...wanted, ...change }))).toBe(code);
  });
});

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) {
    spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } });
    rmSync(home, { recursive: true, force: true });
  }
});

function openGnupg() {
  const home = mkdtempSync(path.join(tmpdir(), 'cs-made-'));
  homes.push(home);
  const env = { ...process.env, GNUPGHOME: home };
  const fixed = ['--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', passphrase];
  const run = (...args: string[]) =>
    new Uint8Array(execFileSync('gpg', [...fixed, ...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] }));
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(path.join(home, name), content);
    return path.join(home, name);
  };
  return { home, run, put, import: (armored: string) => run('--import', put('import.asc', armored)) };
}

describe('GnuPG 2.2', () => {
  const gpg = openGnupg();

  test('imports the backup file, signs with it, and the signature counts here', async () => {
    gpg.import(key.privateKey);
    expect(new TextDecoder().decode(gpg.run('--list-secret-keys', '--with-colons'))).toContain(key.fingerprint);
    const signature = gpg.run('--armor', '-u', key.fingerprint, '--detach-sign', '-o', '-', gpg.put('data', data));
    const later = Date.now() + 1000;
    expect(await reasonsFor({ signature, keys: [certificate], data, received: later, now: later })).toEqual([null]);
  });

  test('accepts what the key signs in the page', async () => {
    const signer = await unlockPrivateKey(bytesOf(key.privateKey), passphrase, made);
    const signature = gpg.put('page.asc', await signDetached(signer, data, made));
    expect(() => gpg.run('--verify', signature, gpg.put('data', data))).not.toThrow();
  });

  test('imports the revocation certificate and shows the key as revoked', () => {
    gpg.import(key.revocation);
    expect(new TextDecoder().decode(gpg.run('--list-keys', '--with-colons', key.fingerprint))).toMatch(/^pub:r:/m);
  });
});

describe('Sequoia of Debian 12', () => {
  const { home, put } = openGnupg();
  const sq = (args: string[], input?: string) =>
    spawnSync('sq', ['--force', ...args], { cwd: home, ...(input === undefined ? {} : { input }) });

  test('reads the backup file as the locked key that it is', () => {
    const seen = sq(['inspect', put('backup.asc', key.privateKey)]);
    const says = seen.stdout.toString();
    expect(seen.status, seen.stderr.toString()).toBe(0);
    expect(says).toContain(key.fingerprint);
    expect(says).toMatch(/Secret key: Encrypted/);
    expect(says).toMatch(/Key flags: certification, signing/);
  });

  test('accepts what the key signs in the page, as sqv does', async () => {
    const signer = await unlockPrivateKey(bytesOf(key.privateKey), passphrase, made);
    const files = [put('page.sig', await signDetached(signer, data, made)), put('data', data)];
    const cert = put('public.asc', key.certificate);
    const verified = sq(['verify', '--signer-cert', cert, '--detached', ...files]);
    expect(verified.status, verified.stderr.toString()).toBe(0);
    expect(spawnSync('sqv', ['--keyring', cert, ...files]).status).toBe(0);
  });
});
