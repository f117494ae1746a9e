// The hand-over bundle: what is packed comes out the same, and nothing else goes in or comes out.
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { FileName } from '#lib/core/ids.ts';
import { readBundle, writeBundle, type Evidence } from '#lib/evidence/bundle.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, bo } from '../support/scene.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const evidence: Evidence = {
  policies: [
    { version: 1, bytes: bytes('one'), signature: bytes('one.asc') },
    { version: 2, bytes: bytes('two'), signature: null },
  ],
  certificates: new Map([
    [ada.key, bytes('ada')],
    [bo.key, bytes('bo')],
  ]),
  statement: { bytes: bytes('sums'), signature: bytes('sums.asc') },
  fileSignatures: new Map([['demo-1.0.tar.gz' as FileName, bytes('over')]]),
  declarations: [
    { bytes: bytes('yank'), signature: bytes('yank.asc') },
    { bytes: bytes('status'), signature: null },
  ],
  declinedBy: [ada.name, bo.name],
};

test('evidence that is packed comes out the same, and packs to the same bytes again', async () => {
  const packed = writeBundle(evidence);
  const read = await readBundle(packed);
  expect(read).toEqual(evidence);
  expect(Buffer.from(writeBundle(read)).equals(Buffer.from(packed))).toBe(true);
});

test('a bundle of a project without a draft has no statement', async () => {
  const project = { ...evidence, statement: null, fileSignatures: new Map() };
  expect(await readBundle(writeBundle(project))).toEqual(project);
});

test.each([
  'README',
  'policy/01.json',
  'policy/0.json',
  'policy/1.json.sig',
  'policy/3.json',
  'policy/9.json.asc',
  'statement/SHA512SUMS',
  'statement/other.asc',
  'declarations/0.json',
  'declarations/3.json.asc',
  'declined.json.asc',
  'files/demo-1.0.tar.gz',
  'files/sub/demo.asc',
  'files/.hidden.asc',
  'keys/index.asc',
  'keys/abc.asc',
  'release/record.json',
])('a bundle with the path %s is refused', async (path) => {
  const good = { 'policy/1.json': bytes('one'), 'statement/SHA256SUMS': bytes('sums') };
  expect(await refusalOf(() => readBundle(zipSync({ ...good, [path]: bytes('x') })))).toMatch(
    /^(?:evidence\.malformed|input\.not-a)$/,
  );
});

test('what is no zip at all is refused', async () => {
  expect(await refusalOf(() => readBundle(bytes('x'.repeat(100))))).toMatch(/^distribution\./);
});
