// The index key behind a real gpg and its agent: made there, used there, never in the countersigner's folder; and an index that moves from a key in a file to
// one of gpg. What gpg cannot do is said and nothing is signed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import { readIndexKey, requireIndexSignature } from '#lib/evidence/index-signature.ts';
import { checkRotations, collectRotations } from '#lib/evidence/key-rotation.ts';
import { gpgSigner, readKeyPlace } from '../../countersigner/index-signer.ts';
import { initKeys, openKeys } from '../../countersigner/keys.ts';
import { rotateIndexKey } from '../../countersigner/rotate.ts';
import { openStore } from '../../countersigner/store.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addDraft, addPolicy, bo, index, openScene, type Scene } from '../support/scene.ts';

let home: string;
let key: Fingerprint;
const gpg = (...words: string[]): string =>
  execFileSync('gpg', ['--batch', '--no-tty', '--quiet', '--passphrase', '', ...words], {
    env: { ...process.env, GNUPGHOME: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gpg-'));
  vi.stubEnv('GNUPGHOME', home);
  gpg('--quick-generate-key', 'Index sign.example.org', 'ed25519', 'sign', 'never');
  key = readFingerprint(/^fpr:+([0-9A-F]{40}):/m.exec(gpg('--with-colons', '--list-keys'))?.[1]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  execFileSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } });
  rmSync(home, { recursive: true, force: true });
});

const secretFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /index-private/.test(name));

/** gpg has the clock of the machine. */
async function sceneNow(): Promise<Scene> {
  const scene = await openScene();
  scene.now = Date.now();
  return scene;
}

test('an index begins with a key of gpg: its folder holds no private half, and what it signs is good', async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'countersigner-')), 'state');
  const store = openStore(folder);
  const place = readKeyPlace(`gpg:${key}`);
  expect(await initKeys(store, index, Date.now(), place)).toBe(key);
  expect(secretFiles(folder)).toEqual([]);
  expect(readFileSync(store.at('index.asc'), 'utf8')).toContain('PUBLIC KEY BLOCK');
  // Without a wish it stays with gpg; a wish for another key is no way to change it.
  const keys = await openKeys(store, Date.now());
  expect([keys.key.place, keys.key.fingerprint]).toEqual([place, key]);
  expect(await refusalOf(() => openKeys(store, Date.now(), 'file'))).toBe('countersigner.other-key');
  const bytes = Buffer.from('what the index says');
  const document = { what: 'it', bytes, signature: await keys.key.sign(bytes, Date.now()) };
  await requireIndexSignature(document, await readIndexKey(keys.key.certificate, Date.now()), hashing);
  rmSync(path.dirname(folder), { recursive: true });
});

test('an index moves to a key of gpg: the change is signed by both, and a release is countersigned by it', async () => {
  const scene = await sceneNow();
  const old = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  addPolicy(scene);
  await scene.round();
  await rotateIndexKey(openStore(scene.folder), readKeyPlace(`gpg:${key}`), scene.now);
  scene.keys = await openKeys(openStore(scene.folder), scene.now);
  expect(scene.keys.key.place).toBe(`gpg:${key}`);
  addDraft(scene, [ada, bo]);
  expect(await scene.round()).toMatchObject({ published: ['demo 1.0'], findings: [] });
  const tree = new Map<string, Uint8Array>();
  let keys = [old] as readonly (typeof old)[];
  for (const post of scene.posts) {
    const read = await readHandbackBy(post, { keys, at: scene.now, hashing });
    keys = read.keys;
    for (const [place, bytes] of read.handback.files) tree.set(place, bytes);
  }
  expect(keys.map(({ facts }) => facts.primary)).toEqual([old.facts.primary, key]);
  const documents = await collectRotations(async (place) => tree.get(place) ?? null);
  expect((await checkRotations(documents, { index, at: scene.now, hashing })).keys).toHaveLength(2);
  scene.close();
});

test('while gpg cannot sign, nothing is signed and the reason is said', async () => {
  const stranger = `0000${key.slice(4)}` as Fingerprint;
  expect(await refusalOf(() => gpgSigner(stranger, Date.now()))).toBe('countersigner.gpg');
  const signer = await gpgSigner(key, Date.now());
  gpg('--yes', '--delete-secret-keys', key);
  const bytes = Buffer.from('what the index says');
  await expect(signer.sign(bytes, Date.now())).rejects.toMatchObject({ code: 'countersigner.gpg' });
  vi.stubEnv('PATH', '/nonexistent');
  await expect(signer.sign(bytes, Date.now())).rejects.toThrow('gpg cannot be started');
  for (const claimed of ['gpg:', 'gpg:1234', 'agent', 'file ', `gpg:${key}x`])
    expect(() => readKeyPlace(claimed)).toThrow();
});
