// Sections 1 and 2 of the threats, row by row: rows.json names the tests that hold each one. A row without a test fails here, and so does a
// title that nobody's test has any more. Rows whose tests would stand nowhere else have them below.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readCertificate, warningsAbout } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { forgeCertificate, forgeKey, overKey, packet, signatureBody, signaturePacket, sub } from '../support/forge.ts';
import { noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

type Row = { row: number; threat: string; tests: { file: string; title: string }[] };

const root = path.join(import.meta.dirname, '..', '..');
const rows = JSON.parse(readFileSync(path.join(import.meta.dirname, 'rows.json'), 'utf8')) as Row[];
const data = vector('SHA256SUMS');

test('every row from 1 to 38 has its line', () => {
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 38 }, (_, at) => at + 1));
});

test.each(rows)('row $row ($threat) is held by tests that exist', ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const { file, title } of tests) {
    const source = readFileSync(path.join(root, file), 'utf8');
    const titles = [`'${title}'`, `"${title}"`, `\`${title}\``];
    expect(titles.some((quoted) => source.includes(quoted)) ? 'there' : `${file}: ${title}`).toBe('there');
  }
});

const eve = forgeKey('eve');
const body = signatureBody(eve, data);
const literal = packet(11, Buffer.concat([Buffer.from([0x62, 0, 0, 0, 0, 0]), data]));
const onePass = packet(
  4,
  Buffer.concat([Buffer.from([3, 0, 8, 22]), Buffer.from(eve.fingerprint.slice(-16), 'hex'), Buffer.from([1])]),
);

test.each([
  ['that is signed inline', Buffer.concat([onePass, literal, packet(2, body)]), 'signature.is-inline'],
  ['of the old style, signature first', Buffer.concat([packet(2, body), literal]), 'signature.unreadable'],
  ['that is compressed', packet(8, Buffer.concat([Buffer.from([0]), packet(2, body)])), 'signature.is-inline'],
  ['that is encrypted', packet(18, Buffer.alloc(64, 1)), 'signature.is-inline'],
  ['that is clear-signed', vector('ada-clear.asc'), 'signature.is-clearsigned'],
  ['that is inline in armor', vector('ada-inline.asc'), 'signature.is-inline'],
  ['that is a literal', literal, 'signature.is-inline'],
])('the message %s is no signature', async (_, file, code) => {
  expect(await refusalOf(() => readSignatures(file))).toBe(code);
});

test('a revocation handed in as a signature neither counts nor revokes', async () => {
  const revocation = overKey(eve, eve, { type: 0x20, more: [sub.reason(2)] });
  const keys = [forgeCertificate(eve)];
  expect(await reasonsFor({ signature: revocation, keys, data })).toEqual(['wrong-type']);
  const both = Buffer.concat([revocation, signaturePacket(eve, data)]);
  expect(await reasonsFor({ signature: both, keys, data })).toEqual(['wrong-type', null]);
  expect(await refusalOf(() => readSignatures(vector('compromised.revocation.asc')))).toBe('signature.is-revocation');
});

test('a new RSA key below 3072 bits gets a warning', async () => {
  const { facts } = await readCertificate(vector('bo.key.asc'), noon);
  expect(warningsAbout(facts)).toEqual([]);
  expect(warningsAbout({ ...facts, algorithm: 'RSA 2048' })).toHaveLength(1);
});
