// What a file is, before anything is done with it.
import { expect, test } from 'vitest';
import { recognise } from '#lib/pgp/recognise.ts';
import { spentMs } from '../support/effort.ts';
import { bytesOf, vector } from '../support/pgp.ts';

test.each([
  ['ada.key.asc', 'certificate'],
  ['ada.key.gpg', 'certificate'],
  ['ada.private.asc', 'private-key'],
  ['ada.private.gpg', 'private-key'],
  ['ada.asc', 'signature'],
  ['ada.sig', 'signature'],
  ['one-block.asc', 'signature'],
  ['ada-clear.asc', 'cleartext'],
  ['ada-inline.asc', 'message'],
  ['ada-inline.gpg', 'message'],
  ['compromised.revocation.asc', 'revocation'],
  ['ada.key.utf16.asc', 'utf-16'],
  ['SHA256SUMS', 'other'],
] as const)('the file %s of real gpg is %s', (name, kind) => {
  expect(recognise(vector(name))).toBe(kind);
});

test.each([
  ['', 'empty'],
  ['PK\u0003\u0004rest of a wheel', 'zip'],
  ['-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----', 'ssh-signature'],
  ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'pem'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA', 'private-key'],
  ['-----BEGIN RSA PRIVATE KEY-----\nAAAA', 'private-key'],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----', 'private-key'],
  ['untrusted comment: minisign encrypted secret key\nRWRTY0Iy', 'private-key'],
  ['untrusted comment: signature from minisign\nRWQ', 'minisign'],
  ['{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}', 'sigstore-bundle'],
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@example.org', 'ssh-key'],
  ['<!doctype html><title>Sign in</title>', 'html'],
  ['-----BEGIN PGP SIGNATURE-----\n\nnot base64!\n-----END PGP SIGNATURE-----', 'damaged'],
  ['-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0', 'damaged'],
] as const)('%j is %s', (text, kind) => {
  expect(recognise(bytesOf(text))).toBe(kind);
});

test('a megabyte of anything is recognised in well under two seconds', () => {
  const floods = [
    '-----BEGIN PGP SIGNATURE-----\n'.repeat(30_000),
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n'.repeat(25_000),
    'BEGIN '.repeat(170_000),
    `${'A'.repeat(1 << 20)}`,
    '{'.repeat(1 << 20),
    '\n'.repeat(1 << 20),
  ];
  for (const flood of floods) {
    const started = spentMs();
    recognise(bytesOf(flood));
    expect(spentMs() - started).toBeLessThan(1000);
  }
});
