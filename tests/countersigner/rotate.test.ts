// Another index key, another key of the log: vouched for by the old one, in the tree and in the log, and everything that is served is by the new key
// afterwards. The old key signs one last thing: the hand-back that says so.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readNote, readNoteKey, requireNoteSignature } from '#lib/evidence/checkpoint.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import { readHandback } from '#lib/evidence/handback.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { checkRotations, collectRotations } from '#lib/evidence/key-rotation.ts';
import { readLogRotation } from '#lib/evidence/log-key-rotation.ts';
import { checkpointPath, logKeyPath, readLogEntry, unpackEntries } from '#lib/evidence/log-tree.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { rotateIndexKey, rotateLogKey } from '../../countersigner/rotate.ts';
import { openStore } from '../../countersigner/store.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addDraft, addPolicy, bo, index, minute, openScene, type Scene } from '../support/scene.ts';

let scene: Scene;
let old: IndexKey;
beforeEach(async () => {
  scene = await openScene();
  old = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
});
afterEach(() => scene.close());

const rotate = async (): Promise<void> => {
  scene.now += minute;
  await rotateIndexKey(openStore(scene.folder), 'file', scene.now);
  scene.keys = await openKeys(openStore(scene.folder), scene.now);
};

/** Reads everything that was posted, as somebody who knew only these keys at the beginning. */
async function readAll(first: IndexKey[]): Promise<{ tree: Map<string, Uint8Array>; keys: readonly IndexKey[] }> {
  const tree = new Map<string, Uint8Array>();
  let keys: readonly IndexKey[] = first;
  for (const post of scene.posts) {
    const read = await readHandbackBy(post, { keys, at: scene.now, hashing });
    keys = read.keys;
    for (const [place, bytes] of read.handback.files) tree.set(place, bytes);
  }
  return { tree, keys };
}

const entriesIn = (tree: ReadonlyMap<string, Uint8Array>) => {
  const bundles = [...tree].filter(([place]) => place.startsWith('log/tile/entries/'));
  const longest = bundles.map(([, bytes]) => bytes).sort((a, b) => b.length - a.length)[0] ?? new Uint8Array();
  return unpackEntries(longest).map((entry) => readLogEntry(entry));
};

describe('a new index key', () => {
  test('is vouched for by the old one, told by the log, and signs everything that is served', async () => {
    await rotate();
    await scene.round();
    const { tree, keys } = await readAll([old]);
    const fresh = await readIndexKey(scene.keys.armoredCertificate, scene.now);
    expect(keys.map((key) => key.facts.primary)).toEqual([old.facts.primary, fresh.facts.primary]);
    expect(fresh.facts.primary).not.toBe(old.facts.primary);
    const documents = await collectRotations(async (place) => tree.get(place) ?? null);
    const { steps } = await checkRotations(documents, { index, at: scene.now, hashing });
    expect(steps.map(({ rotation }) => [rotation.number, rotation.old, rotation.new])).toEqual([
      [1, old.facts.primary, fresh.facts.primary],
    ]);
    expect(entriesIn(tree).map(({ event }) => event)).toContain('index-key-change');
    for (const place of ['evidence/demo/releases.json', 'evidence/demo/releases/1.0/1.json', logKeyPath]) {
      const document = {
        what: place,
        bytes: tree.get(place) ?? new Uint8Array(),
        signature: tree.get(`${place}.asc`) ?? null,
      };
      await requireIndexSignature(document, fresh, hashing);
      expect(await refusalOf(() => requireIndexSignature(document, old, hashing))).toBe('evidence.not-countersigned');
    }
    expect(Buffer.from(tree.get('keys/index.asc') ?? []).toString()).toBe(
      readFileSync(path.join(scene.folder, 'index.asc'), 'utf8'),
    );
  });

  test('is for its owner alone, and the old private half is put out of the way', async () => {
    await rotate();
    const retired = readdirSync(path.join(scene.folder, 'retired'));
    expect(retired).toEqual([`index-private-${old.facts.primary}.asc`]);
    for (const place of ['index-private.asc', `retired/${retired[0]}`])
      expect(statSync(path.join(scene.folder, place)).mode & 0o777).toBe(0o600);
  });

  test('comes again: each change names the one before it', async () => {
    await rotate();
    await scene.round();
    await rotate();
    await scene.round();
    const { tree, keys } = await readAll([old]);
    expect(keys).toHaveLength(3);
    const documents = await collectRotations(async (place) => tree.get(place) ?? null);
    const checking = { index, at: scene.now, hashing };
    expect((await checkRotations(documents, checking)).keys).toHaveLength(3);
    expect(await refusalOf(() => checkRotations(documents.slice(1), checking))).toBe('index-key.breaks-chain');
    expect(await refusalOf(() => checkRotations([...documents].reverse(), checking))).toBe('index-key.breaks-chain');
    const other = { ...checking, index: 'other.example.org' as typeof index };
    expect(await refusalOf(() => checkRotations(documents, other))).toBe('index-key.breaks-chain');
  });

  test('is believed by nobody when one of the two keys has not signed it', async () => {
    await rotate();
    await scene.round();
    const { tree } = await readAll([old]);
    const [document] = await collectRotations(async (place) => tree.get(place) ?? null);
    const checking = { index, at: scene.now, hashing };
    const bytes = document?.bytes ?? new Uint8Array();
    const byNew = await scene.keys.key.sign(bytes, scene.now);
    expect(await refusalOf(() => checkRotations([{ bytes, signature: byNew }], checking))).toBe('index-key.not-both');
    expect(await refusalOf(() => checkRotations([{ bytes, signature: null }], checking))).toBe('index-key.not-both');
  });

  test('does not come while a hand-back waits to be taken', async () => {
    const store = openStore(scene.folder);
    const state = JSON.parse(readFileSync(path.join(scene.folder, 'instance.json'), 'utf8')) as {
      acknowledged: number;
    };
    writeFileSync(
      path.join(scene.folder, 'instance.json'),
      JSON.stringify({ ...state, acknowledged: state.acknowledged - 1 }),
    );
    const before = scene.picture();
    expect(await refusalOf(() => rotateIndexKey(store, 'file', scene.now))).toBe('countersigner.not-posted');
    expect(await refusalOf(() => rotateLogKey(store, scene.now))).toBe('countersigner.not-posted');
    expect(scene.picture()).toEqual(before);
  });

  test('signs no document of which our own copy was changed', async () => {
    await rotate();
    const place = path.join(scene.folder, 'tree', 'evidence/demo/releases.json');
    writeFileSync(place, readFileSync(place, 'utf8').replace('"serial": 2', '"serial": 3'));
    await expect(scene.round()).rejects.toThrow('not signed by a key of this index');
    expect(existsSync(path.join(scene.folder, 'outbox'))).toBe(true);
  });

  test('is not that of the hand-backs after it: the old key signs none any more', async () => {
    await rotate();
    const posted = scene.posts.length;
    await scene.round();
    const after = scene.posts.slice(posted);
    expect(after.length).toBeGreaterThan(1);
    await readHandback(after[0] ?? new Uint8Array(), old, hashing);
    for (const post of after.slice(1))
      expect(await refusalOf(() => readHandback(post, old, hashing))).toBe('handback.not-signed');
  });
});

describe('a new key of the log', () => {
  test('is vouched for by the old one and by the index key; the tree goes on', async () => {
    const before = await scene.tree();
    const oldKey = readNoteKey(
      Buffer.from(before.get(logKeyPath) ?? [])
        .toString()
        .trim(),
      noteCheck.hash,
    );
    scene.now += minute;
    await rotateLogKey(openStore(scene.folder), scene.now);
    scene.keys = await openKeys(openStore(scene.folder), scene.now);
    await scene.round();
    const tree = await scene.tree();
    const newKey = readNoteKey(
      Buffer.from(tree.get(logKeyPath) ?? [])
        .toString()
        .trim(),
      noteCheck.hash,
    );
    const rotation = readLogRotation(tree.get('keys/log/1.json') ?? new Uint8Array(), noteCheck);
    expect([readNoteKey(rotation.old, noteCheck.hash), readNoteKey(rotation.new, noteCheck.hash)]).toEqual([
      oldKey,
      newKey,
    ]);
    const note = readNote(tree.get(checkpointPath) ?? new Uint8Array());
    requireNoteSignature(note, newKey, noteCheck);
    expect(() => requireNoteSignature(note, oldKey, noteCheck)).toThrow();
    expect(note.checkpoint.size).toBeGreaterThan(
      readNote(before.get(checkpointPath) ?? new Uint8Array()).checkpoint.size,
    );
    expect(entriesIn(tree).map(({ event }) => event)).toContain('log-key-change');
    const forged = Buffer.from(tree.get('keys/log/1.json') ?? [])
      .toString()
      .replace(rotation.signatures.old, rotation.signatures.new);
    expect(await refusalOf(async () => readLogRotation(Buffer.from(forged), noteCheck))).toBe('index-key.not-both');
  });
});
