// Fresh keys and signatures of the tools that people have, here, and ours there. The twelve mistakes of threats.md with real output.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { armorCertificate, readCertificate, requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';
import { bytesOf, judge, reasonsFor, refusalOf } from '../support/pgp.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-gpg-'));
const env = { ...process.env, GNUPGHOME: home };
const inHome = (name: string): string => path.join(home, name);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(inHome(name)));
const data = bytesOf('# countersign release statement 1\n# revision: 3\n');
writeFileSync(inHome('SHA256SUMS'), data);
const now = Date.now();

afterAll(() => {
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});

function gpg(...args: string[]): Uint8Array {
  const fixed = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];
  return new Uint8Array(
    execFileSync('gpg', [...fixed, ...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

function newKey(name: string, algorithm: string): Uint8Array {
  gpg('--quick-generate-key', `${name} <${name}@example.org>`, algorithm, 'sign', 'never');
  return gpg('--armor', '--export', `${name}@`);
}

test.each(['ed25519', 'rsa3072', 'nistp256', 'nistp384', 'nistp521'])(
  'a fresh %s key of gpg is accepted, and so is its signature',
  async (algorithm) => {
    const key = newKey(algorithm, algorithm);
    const { facts } = await readCertificate(key, now + 5000);
    expect(await refusalOf(() => requireRegistrable(facts, now + 5000))).toBe('accepted');
    const signature = gpg('--armor', '-u', `${algorithm}@`, '--output', '-', '--detach-sign', 'SHA256SUMS');
    expect(
      await reasonsFor({ signature, keys: [key], data, received: Date.now() + 1000, now: Date.now() + 1000 }),
    ).toEqual([null]);
  },
);

test('a fresh key of sq is accepted, and so is its signature', async () => {
  const sq = (...args: string[]) =>
    execFileSync('sq', ['--force', ...args], { cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });
  sq('key', 'generate', '--userid', 'sq <sq@example.org>', '--export', inHome('sq.secret'));
  sq('key', 'extract-cert', '--output', inHome('sq.key'), inHome('sq.secret'));
  sq('sign', '--detached', '--signer-key', inHome('sq.secret'), '--output', inHome('sq.sig'), inHome('SHA256SUMS'));
  const later = Date.now() + 1000;
  expect(
    await reasonsFor({ signature: read('sq.sig'), keys: [read('sq.key')], data, received: later, now: later }),
  ).toEqual([null]);
  expect(await refusalOf(() => unlockPrivateKey(read('sq.secret'), '', later))).toBe('accepted');
});

test('our certificates and merged signatures are accepted by gpg and sqv', async () => {
  const made = Math.floor(now / 1000) * 1000 - 60_000;
  const packets: {
    bytes: Uint8Array;
    key: Awaited<ReturnType<typeof generateIndexKey>>['certificate']['facts']['primary'];
  }[] = [];
  const files: string[] = [];
  for (const name of ['one', 'two']) {
    const { privateArmored, certificate } = await generateIndexKey(`index ${name}`, made);
    const key = await unlockPrivateKey(bytesOf(privateArmored), '', made);
    const [packet] = await readSignatures(bytesOf(await signDetached(key, data, made)));
    if (packet) packets.push({ bytes: packet.bytes, key: key.fingerprint });
    writeFileSync(inHome(`${name}.pub`), armorCertificate(certificate.bytes));
    gpg('--import', inHome(`${name}.pub`));
    files.push('--keyring', inHome(`${name}.pub`));
  }
  writeFileSync(inHome('merged.asc'), armorSignatures(packets));
  const verified = spawnSync('gpg', ['--status-fd', '1', '--verify', 'merged.asc', 'SHA256SUMS'], { env, cwd: home });
  expect(verified.status).toBe(0);
  expect(verified.stdout.toString().match(/VALIDSIG/g)).toHaveLength(2);
  const counted = execFileSync('sqv', [...files, '-n', '2', inHome('merged.asc'), inHome('SHA256SUMS')]).toString();
  expect(counted.trim().split('\n').sort()).toEqual(packets.map(({ key }) => key).sort());
});

test('each of the mistakes that people make with gpg has its own sentence', async () => {
  const key = newKey('person', 'ed25519');
  newKey('stranger', 'ed25519');
  writeFileSync(inHome('old-revision'), 'revision 2\n');
  const detach = (...args: string[]) => gpg('--armor', '--output', '-', ...args);
  const later = Date.now() + 1000;
  const saidOf = async (signature: Uint8Array) => {
    const refused = await refusalOf(() => readSignatures(signature));
    if (refused !== 'accepted') return refused;
    const [answer] = await judge({ signature, keys: [key], data, received: later, now: later });
    return answer?.reason;
  };
  expect(await saidOf(detach('-u', 'person@', '--detach-sign', 'old-revision'))).toBe('wrong-bytes');
  expect(await saidOf(detach('-u', 'stranger@', '--detach-sign', 'SHA256SUMS'))).toBe('unknown-key');
  expect(await saidOf(key)).toBe('signature.is-public-key');
  expect(await saidOf(gpg('--armor', '--export-secret-keys', 'person@'))).toBe('signature.is-private-key');
  expect(await saidOf(gpg('-u', 'person@', '--output', '-', '--clear-sign', 'SHA256SUMS'))).toBe(
    'signature.is-clearsigned',
  );
  expect(await saidOf(detach('-u', 'person@', '--sign', 'SHA256SUMS'))).toBe('signature.is-inline');
  expect(await saidOf(bytesOf('-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n'))).toBe(
    'signature.is-other',
  );
  expect(await saidOf(detach('-u', 'person@', '--textmode', '--detach-sign', 'SHA256SUMS'))).toBe('text-mode');
  expect(await saidOf(detach('-u', 'person@', '--digest-algo', 'SHA1', '--detach-sign', 'SHA256SUMS'))).toBe(
    'weak-hash',
  );
  const ahead = new Date(now + 58 * 60_000).toISOString().replace(/[-:]|\.\d+Z/g, '');
  expect(await saidOf(detach('--faked-system-time', `${ahead}!`, '-u', 'person@', '--detach-sign', 'SHA256SUMS'))).toBe(
    'made-in-the-future',
  );
  expect(await saidOf(detach('-u', 'person@', '--detach-sign', 'SHA256SUMS'))).toBeNull();
});
