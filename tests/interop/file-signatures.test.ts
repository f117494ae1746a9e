// Signatures over files that the signing script makes from the hash alone, before the tools that others verify with: keys made by gpg, of each
// kind that people have, and one under a passphrase with its signing subkey. gpg and sqv accept what comes out, over that file only.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startHashing } from '#lib/browser/hashing.ts';
import { signOnce } from '#lib/browser/sign-once.ts';
import { renderStatement } from '#lib/core/statement.ts';
import {
  readAccountName,
  readDraftId,
  readFileName,
  readIndexName,
  readProjectName,
  readVersion,
} from '#lib/core/ids.ts';
import { sha256Of } from '#lib/pgp/open-certificate.ts';
import { bytesOf } from '../support/pgp.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-files-'));
const env = { ...process.env, GNUPGHOME: home };
const passphrase = 'correct horse';

afterAll(() => {
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});

const fixed = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', passphrase];
const gpg = (...args: string[]): string =>
  execFileSync('gpg', [...fixed, ...args], { env, cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const says = (command: string, ...args: string[]): string => {
  const { stdout, stderr, status } = spawnSync(command, args, { env, cwd: home, encoding: 'utf8' });
  return `${stdout}${stderr}exit ${String(status)}`;
};

function newKey(algorithm: string, subkey: string | null) {
  const name = `${algorithm}${subkey ?? ''}@example.org`;
  gpg('--quick-generate-key', name, algorithm, subkey === null ? 'sign' : 'cert', '1y');
  const listed = gpg('--with-colons', '--list-keys', name);
  const fingerprint = /^fpr:+([0-9A-F]{40}):$/m.exec(listed)?.[1] ?? '';
  if (subkey !== null) gpg('--quick-add-key', fingerprint, subkey, 'sign', '1y');
  gpg('--armor', '--output', `${fingerprint}.asc`, '--export', fingerprint);
  return { fingerprint, privateKey: gpg('--armor', '--export-secret-keys', fingerprint) };
}

/** Signs a statement and its one file, as the page does. The moment is that of the machine's clock: gpg looks at it. */
async function signFile(file: Uint8Array, key: { fingerprint: string; privateKey: string }) {
  const { update, finish } = await startHashing();
  update(file);
  const { sha256, state } = finish();
  const facts = {
    index: readIndexName('sign.example.org'),
    project: readProjectName('demo'),
    version: readVersion('1.0'),
  };
  const draft = readDraftId('6f2c9d1e4b7a');
  const name = readFileName('demo-1.0.tar.gz');
  const bytes = bytesOf(
    renderStatement({ ...facts, draft, revision: 1, openedBy: readAccountName('ada'), files: [{ name, sha256 }] }),
  );
  return signOnce({
    ...{ bytes, passphrase, privateKey: key.privateKey, expectedKeys: [key.fingerprint], files: [{ name, state }] },
    shown: { kind: 'statement', ...facts, draft, revision: 1, sha256: await sha256Of(bytes) },
    now: Date.now(),
  });
}

test.each([
  ['ed25519', null],
  ['rsa3072', null],
  ['nistp256', null],
  ['ed25519', 'rsa2048'],
])('gpg and sqv accept a file signature by %s with subkey %s, and over no other file', async (algorithm, subkey) => {
  const key = newKey(algorithm, subkey);
  const file = randomBytes(100_001);
  const { armored = '' } = await signFile(file, key);
  const [, overFile = ''] = armored.split(/(?=-----BEGIN)/);
  writeFileSync(path.join(home, 'file.asc'), overFile);
  for (const [bytes, good] of [
    [file, true],
    [randomBytes(100_001), false],
  ] as const) {
    writeFileSync(path.join(home, 'file'), bytes);
    expect(says('gpg', '--batch', '--status-fd', '1', '--verify', 'file.asc', 'file').includes('VALIDSIG')).toBe(good);
    expect(says('sqv', '--keyring', `${key.fingerprint}.asc`, 'file.asc', 'file').endsWith('exit 0')).toBe(good);
  }
});

test('a key whose curve asks for a longer digest signs no file, and is told the command that does', async () => {
  const key = newKey('nistp384', null);
  const { refusal } = await signFile(randomBytes(10), key);
  expect(refusal?.code).toBe('private-key.needs-file');
  expect(refusal?.message).toContain(`gpg --local-user ${key.fingerprint} --armor --detach-sign`);
});
