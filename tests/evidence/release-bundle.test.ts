// The evidence bundle of a release: it holds what the index holds, byte for byte, the same tree gives the same bytes, and what is no part of such a
// bundle is refused.
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogProof, requireProven } from '#lib/evidence/log-proof.ts';
import { readNoteKey } from '#lib/evidence/checkpoint.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { packReleaseBundle, readReleaseBundle, type BundleEntries } from '#lib/evidence/release-bundle.ts';
import { bundleOf, publishedScene, zipOf } from '../support/evidence.ts';
import { refusalOf } from '../support/pgp.ts';
import { changeIndexKey, changeLogKey } from '../support/rotated.ts';
import { ada, addDeclaration, bo, chi, minute, wheelName, type Scene } from '../support/scene.ts';

let scene: Scene;
let entries: BundleEntries;
beforeAll(async () => {
  scene = await publishedScene();
  entries = await bundleOf(scene);
});
afterAll(() => scene.close());

describe('the bundle of a release', () => {
  test('holds policies, certificates, statement, signatures, record, list, log, TUF and a text, and nothing else', () => {
    expect([...entries.keys()]).toEqual([
      'README.txt',
      ...['policy/1.json', 'policy/1.json.tlog-proof', 'policy/1.json.asc'],
      ...['policy/2.json', 'policy/2.json.tlog-proof', 'policy/2.json.asc'],
      ...[ada, bo, chi].flatMap(({ key }) => [`keys/${key}.asc`, `keys/${key}.asc.tlog-proof`]),
      ...['keys/index.asc', 'keys/index.asc.tlog-proof'],
      ...['statement/SHA256SUMS', 'statement/SHA256SUMS.asc', `files/${wheelName}.asc`],
      ...['record/1.json', 'record/1.json.tlog-proof', 'record/1.json.asc', 'releases.json', 'releases.json.asc'],
      ...['log/vkey', 'log/vkey.asc'],
      ...['tuf/1.root.json', 'tuf/timestamp.json', 'tuf/3.snapshot.json', 'tuf/1.targets.json', 'tuf/3.recent.json'],
    ]);
  });

  test('is the same bytes from the same tree', async () => {
    expect(Buffer.from(await zipOf(scene)).equals(Buffer.from(await zipOf(scene)))).toBe(true);
  });

  test('reads back as the part of the index tree that it was made from', async () => {
    const bundle = await readReleaseBundle(packReleaseBundle(entries));
    expect(bundle.record).toMatchObject({ project: 'demo', version: '1.0', serial: 1 });
    const tree = await scene.tree();
    for (const path of bundle.paths) expect(await bundle.read(path), path).toEqual(tree.get(path));
    expect(await bundle.read('simple/index.html')).toBeNull();
  });

  test('proves each document in the log, and no other document by that proof', async () => {
    const { read, proofs } = await readReleaseBundle(packReleaseBundle(entries));
    const vkey = Buffer.from((await read('log/vkey')) ?? []).toString();
    const key = readNoteKey(vkey.trim(), noteCheck.hash);
    expect(proofs.size).toBe(7);
    for (const [path, proof] of proofs) {
      const sha256 = sha256Hex((await read(path)) ?? new Uint8Array());
      expect(requireProven(proof, { path, sha256 }, key, noteCheck).checkpoint.origin).toBe('sign.example.org/log');
      const other = { path, sha256: sha256Hex('another') };
      expect(await refusalOf(() => requireProven(proof, other, key, noteCheck))).toBe('log.not-in-log');
    }
  });

  test('names in its text every person who signed, with the full fingerprint', () => {
    const text = Buffer.from(entries.get('README.txt') ?? []).toString();
    for (const { name, key } of [ada, bo, chi]) expect(text).toMatch(new RegExp(`^  ${name} +${key}$`, 'm'));
  });
});

test('the bundle of a yanked release holds the declaration of its owner', async () => {
  const yanked = await publishedScene();
  addDeclaration(yanked, { policy: 2 });
  yanked.now += minute;
  await yanked.round();
  const places = [...(await bundleOf(yanked)).keys()];
  expect(places).toEqual(expect.arrayContaining(['yank/1.json', 'yank/1.json.asc', 'record/2.json']));
  expect(places).not.toContain('record/1.json');
  yanked.close();
});

test('the bundle of an index with another key holds every document that leads to that key, and the proof that the log tells it', async () => {
  const rotated = await publishedScene();
  await changeIndexKey(rotated);
  await changeLogKey(rotated);
  await changeIndexKey(rotated);
  const made = await bundleOf(rotated);
  const tree = await rotated.tree();
  for (const place of [1, 2].flatMap((number) => [`keys/index/${number}.json`, `keys/index/${number}.json.asc`]))
    expect(made.get(place), place).toEqual(tree.get(place));
  expect(made.has('keys/index/3.json')).toBe(false);
  const { read, proofs } = await readReleaseBundle(packReleaseBundle(made));
  const key = readNoteKey(
    Buffer.from((await read('log/vkey')) ?? [])
      .toString()
      .trim(),
    noteCheck.hash,
  );
  for (const path of ['keys/index/1.json', 'keys/index/2.json', 'keys/index.asc']) {
    const sha256 = sha256Hex((await read(path)) ?? new Uint8Array());
    requireProven(proofs.get(path) ?? new Uint8Array(), { path, sha256 }, key, noteCheck);
  }
  rotated.close();
});

test('there is no bundle of a version that the index does not list', async () => {
  await expect(bundleOf(scene, '9.9')).rejects.toThrow('no such release');
});

describe('a bundle that somebody made', () => {
  test.each([
    ['another place', 'simple/demo/index.json'],
    ['a policy in another spelling', 'policy/01.json'],
    ['a path that leads elsewhere', '../policy/3.json'],
    ['another serial of the record', 'record/2.json'],
    ['signatures over a file that the record does not name', 'files/other.tar.gz.asc'],
    ['a signature over a signature', 'policy/1.json.asc.asc'],
    ['a file of the release itself', wheelName],
    ['TUF metadata of a role that is none', 'tuf/1.other.json'],
    ['a change of the key of somebody', 'keys/ada/1.json'],
    ['a change of the key in another spelling', 'keys/index/01.json'],
  ])('is refused with %s', async (_, place) => {
    const made = zipSync({ ...Object.fromEntries(entries), [place]: Buffer.from('x') });
    expect(await refusalOf(() => readReleaseBundle(made))).toMatch(/^(?:evidence\.malformed|distribution\.|input\.)/);
  });

  test('is refused without a record', async () => {
    const { 'record/1.json': _, ...rest } = Object.fromEntries(entries);
    expect(await refusalOf(() => readReleaseBundle(zipSync(rest)))).toBe('evidence.malformed');
  });
});

test.each([
  ['another first line', (text: string) => text.replace('@v1', '@v2')],
  ['no number', (text: string) => text.replace(/^index .*$/m, 'index one')],
  ['a number in a second spelling', (text: string) => text.replace('index ', 'index 0')],
  ['a hash that is none', (text: string) => text.replace(/^index .*\n/m, (line) => `${line}AAAA\n`)],
  ['no checkpoint', (text: string) => text.replace(/\n\n[^]*$/, '')],
])('a proof of the log with %s is refused', async (_, change) => {
  const proof = Buffer.from(entries.get('record/1.json.tlog-proof') ?? []).toString();
  expect(await refusalOf(() => readLogProof(Buffer.from(change(proof))))).toMatch(/^log\.(?:proof|checkpoint)$/);
});
