// The life of a key with real GnuPG: its revocation certificate alone ends the key here, ours ends the key there, and an extended copy is merged.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFingerprint } from '#lib/core/ids.ts';
import { changesOfKey } from '#lib/core/key-end.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { applyRevocation, readRevocation } from '#lib/pgp/revocation.ts';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-life-'));
const env = { ...process.env, GNUPGHOME: home };

afterAll(() => {
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});

function gpg(args: string[], input?: string): Uint8Array {
  const fixed = ['--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];
  const told = input === undefined ? ['--batch'] : ['--command-fd', '0'];
  return new Uint8Array(execFileSync('gpg', [...fixed, ...told, ...args], { env, cwd: home, input, stdio: 'pipe' }));
}

/** `more`: further options for making it. */
function newKey(name: string, ...more: string[]): { fingerprint: string; certificate: Uint8Array } {
  gpg([...more, '--quick-generate-key', `${name} <${name}@example.org>`, 'ed25519', 'sign', '30d']);
  const listed = Buffer.from(gpg(['--with-colons', '--list-keys', `${name}@`])).toString();
  return { fingerprint: /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '', certificate: gpg(['--export', `${name}@`]) };
}

const answers = (reason: number): string => `y\n${reason}\n\ny\n`;
const later = (): number => Date.now() + 5000;

test.each([
  [0, 'hard'],
  [1, 'hard'],
  [2, 'soft'],
  [3, 'soft'],
] as const)(
  'gpg --gen-revoke with reason %i is recognised and ends its key (%s), and no other one',
  async (reason, kind) => {
    const mine = newKey(`revoked${reason}`);
    const other = newKey(`other${reason}`);
    gpg(['--output', 'rev.asc', '--gen-revoke', mine.fingerprint], answers(reason));
    const revocation = readRevocation(new Uint8Array(readFileSync(path.join(home, 'rev.asc'))));
    if (!revocation) throw new Error('The revocation of gpg is not recognised.');
    const stored = (await readCertificate(mine.certificate, later())).bytes;
    const revoked = await applyRevocation(stored, revocation);
    expect(revoked?.facts.revocation?.kind).toBe(kind);
    expect(await applyRevocation((await readCertificate(other.certificate, later())).bytes, revocation)).toBeNull();
    // An older copy takes it away no more (threats.md, 33).
    const merged = await mergeCertificates(revoked?.bytes ?? new Uint8Array(), stored);
    expect(merged.facts.revocation?.kind).toBe(kind);
  },
);

test('a copy extended by gpg --quick-set-expire is merged, and the change is told', async () => {
  // Times in OpenPGP are whole seconds: the copy must be newer than the key.
  const key = newKey('extended', '--faked-system-time', '20260101T000000');
  const stored = (await readCertificate(key.certificate, later())).bytes;
  gpg(['--quick-set-expire', key.fingerprint, '2y']);
  const copy = (await readCertificate(gpg(['--export', key.fingerprint]), later())).bytes;
  const { facts } = await mergeCertificates(stored, copy);
  const [change] = changesOfKey((await readCertificate(stored, later())).facts, facts);
  expect(change?.what).toBe('Expires');
  const [before = 0, now = 0] = [change?.before, change?.now].map((date) => Date.parse(date ?? ''));
  expect(now - before).toBeGreaterThan(600 * 86_400_000);
});

test.each(['compromised', 'retired', 'superseded'] as const)(
  'a revocation made here (%s) ends the key in gpg',
  async (kind) => {
    const key = newKey(kind);
    const secret = gpg(['--export-secret-keys', key.fingerprint]);
    const reason = kind === 'superseded' ? { kind, by: readFingerprint('A'.repeat(40)) } : { kind };
    const made = await makeRevocation(secret, '', { reason, at: Date.now() });
    expect(made.fingerprint).toBe(key.fingerprint);
    writeFileSync(path.join(home, 'ours.asc'), made.armored);
    gpg(['--import', 'ours.asc']);
    const listed = Buffer.from(gpg(['--with-colons', '--list-keys', key.fingerprint])).toString();
    expect(/^pub:(.)/m.exec(listed)?.[1]).toBe('r');
  },
);
