// The browser's own key before the tools that others verify with: gpg imports the certificate, and gpg and sqv accept the signatures.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDeviceKey, revokeDevice, signWithDevice } from '#lib/browser/device-key.ts';
import { wordsOf } from '#lib/pgp/revoke-key.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { bytesOf } from '../support/pgp.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-device-'));
const env = { ...process.env, GNUPGHOME: home };
const now = Date.now() - 2000;
const { key, bytes, armored } = await makeDeviceKey('ada (Firefox on ThinkPad)', now);
const write = (name: string, bytes: string | Uint8Array): void => writeFileSync(path.join(home, name), bytes);
write('device.asc', armored);

afterAll(() => {
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { env, cwd: home, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

const gpg = (...args: string[]) => run('gpg', '--batch', '--no-tty', '--status-fd', '1', ...args);
const sqv = () => run('sqv', '--keyring', 'device.asc', 'data.asc', 'data');

const data = (count: number): Uint8Array => bytesOf(`${count}\n`);

async function signed(over: Uint8Array): Promise<string> {
  const signature = await signWithDevice(key, over, now + 1000);
  write('data', over);
  write('data.asc', signature);
  return signature;
}

test('gpg imports the certificate with its user id and its fingerprint', () => {
  expect(gpg('--import', 'device.asc').said).toContain(`IMPORT_OK 1 ${key.fingerprint}`);
  expect(gpg('--list-keys', key.fingerprint).said).toContain('ada (Firefox on ThinkPad)');
  expect(run('sq', 'inspect', 'device.asc').said).toContain(key.fingerprint);
});

test.each([0, 1, 64, 1024, 1_000_000])('gpg and sqv accept a signature over %i octets', async (size) => {
  await signed(randomBytes(size));
  expect(gpg('--verify', 'data.asc', 'data').said).toContain(`VALIDSIG ${key.fingerprint}`);
  expect(sqv()).toMatchObject({ status: 0 });
});

test('gpg and sqv accept a signature with a number that begins with a zero octet', async () => {
  // One in 128 is shorter than the others by an octet.
  const lengthOf = async (armor: string) => (await readSignatures(bytesOf(armor)))[0]?.bytes.length ?? 0;
  let signature = await signed(data(0));
  const whole = 119;
  for (let count = 1; count < 5000 && (await lengthOf(signature)) === whole; count += 1)
    signature = await signed(data(count));
  expect(await lengthOf(signature)).toBeLessThan(whole);
  expect(gpg('--verify', 'data.asc', 'data').said).toContain(`VALIDSIG ${key.fingerprint}`);
  expect(sqv()).toMatchObject({ status: 0 });
});

test('gpg and sqv refuse it over a file that was changed', async () => {
  await signed(bytesOf('as it was signed\n'));
  write('data', 'as it was not\n');
  expect(gpg('--verify', 'data.asc', 'data').said).toContain('BADSIG');
  expect(sqv().status).not.toBe(0);
});

test('gpg takes the revocation that the key makes of itself, and sqv accepts nothing by it then', async () => {
  await signed(data(1));
  const reason = wordsOf({ kind: 'compromised' });
  write('revocation.asc', await revokeDevice(key, bytes, reason, now + 1500));
  expect(gpg('--import', 'device.asc', 'revocation.asc').said).toContain('IMPORT_OK');
  expect(gpg('--with-colons', '--list-keys', key.fingerprint).said).toMatch(/^pub:r:/m);
  write('device.asc', gpg('--armor', '--export', key.fingerprint).said);
  expect(sqv().status).not.toBe(0);
});
