// Somebody who has the hand-over token, but not the index key, posts index files of his own.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { zipSync, unzipSync } from 'fflate';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { packHandback, readHandback, renderManifest, type Manifest } from '#lib/evidence/handback.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addPolicy, index, noon, openScene, sign, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const read = async (bytes: Uint8Array) =>
  readHandback(bytes, await readIndexKey(scene.keys.armoredCertificate, noon), hashing);

const manifestOf = (files: Record<string, string>): Uint8Array => {
  const listed = Object.entries(files).map(([path, content]) => ({ path, sha256: sha256Hex(Buffer.from(content)) }));
  const manifest: Manifest = {
    type: 'countersign/handback',
    format: 1,
    index,
    sequence: 1,
    previous: null,
    files: listed,
    date: '2026-11-22T12:00:00Z' as Manifest['date'],
  };
  return Buffer.from(renderManifest(manifest));
};

async function signed(files: Record<string, string>): Promise<Uint8Array> {
  const manifest = manifestOf(files);
  const signature = await scene.keys.key.sign(manifest, noon);
  return packHandback(
    manifest,
    signature,
    new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)])),
  );
}

test('a hand-back without the index signature is refused', async () => {
  const manifest = manifestOf({ 'simple/index.html': 'x' });
  const files = { 'simple/index.html': Buffer.from('x'), 'manifest.json': manifest };
  expect(await refusalOf(() => read(zipSync(files)))).toBe('handback.not-signed');
  expect(await refusalOf(() => read(zipSync({ ...files, 'manifest.json.asc': sign(ada, manifest) })))).toBe(
    'handback.not-signed',
  );
});

test.each([
  'manifest.json/x',
  'simple/../../escape',
  'simple/demo/../../../x',
  '/etc/passwd',
  'files/aa/bb/cc/demo-1.0.tar.gz',
  `files/${'a'.repeat(2)}/${'a'.repeat(2)}/${'a'.repeat(64)}/demo-1.0.tar.gz`,
  'tuf/root.json',
  'evidence/Demo/releases.json',
  'evidence/demo/releases/01/1.json',
  'keys/../index.asc',
  'simple/demo/index.php',
])('a hand-back with the foreign path %s is refused, though the index key signed it', async (place) => {
  expect(await refusalOf(async () => read(await signed({ [place]: 'x' })))).toMatch(
    /^(?:handback\.foreign-path|distribution\.)/,
  );
});

test('a hand-back whose files differ from its signed list is refused: changed, missing, added', async () => {
  addPolicy(scene);
  await scene.round();
  const [honest] = scene.posts.slice(-1);
  if (!honest) throw new Error('nothing was posted');
  expect(await refusalOf(() => read(honest))).toBe('accepted');
  const files = unzipSync(honest);
  const place = 'evidence/demo/releases.json';
  expect(await refusalOf(() => read(zipSync({ ...files, [place]: Buffer.from('{}') })))).toBe('handback.malformed');
  const { [place]: _, ...fewer } = files;
  expect(await refusalOf(() => read(zipSync(fewer)))).toBe('handback.malformed');
  expect(await refusalOf(() => read(zipSync({ ...files, 'simple/evil/index.html': Buffer.from('x') })))).toBe(
    'handback.malformed',
  );
});
