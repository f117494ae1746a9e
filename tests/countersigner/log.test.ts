// The log that goes with the index: everything that was published stands in it, once, in an order that is never changed; whoever has the checkpoint
// can show it. The countersigner signs nothing from a copy of the log that is not the one it signed before.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  widthOf,
  type LogTree,
} from '#lib/core/log.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readNote, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { readHandback } from '#lib/evidence/handback.ts';
import { readIndexKey, requireIndexSignature } from '#lib/evidence/index-signature.ts';
import {
  checkpointPath,
  entriesPath,
  eventOf,
  firstOfBundle,
  logKeyPath,
  readLogEntry,
  tilePath,
  unpackEntries,
} from '#lib/evidence/log-tree.ts';
import { treePlace } from '../../countersigner/instance-state.ts';
import { openStore } from '../../countersigner/store.ts';
import { writeLog } from '../../countersigner/write-log.ts';
import { refusalOf } from '../support/pgp.ts';
import {
  ada,
  addDeclaration,
  addDraft,
  addPolicy,
  bo,
  chi,
  index,
  minute,
  nextPolicy,
  openScene,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
type Tree = ReadonlyMap<string, Uint8Array>;
const need = (tree: Tree, path: string): Uint8Array => {
  const bytes = tree.get(path);
  if (!bytes) throw new Error(`${path} was not posted`);
  return bytes;
};

/** A policy, a release, a yank, a strike that quarantines it: several hand-backs, one after the other. */
async function live(): Promise<void> {
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
  scene.now += minute;
  addDeclaration(scene);
  await scene.round();
  scene.now += minute;
  const struck = [{ name: bo.name, keys: [bo.key], reason: 'account compromised', since: null }];
  const people = [
    { name: ada.name, role: 'owner' as const, keys: [ada.key] },
    { name: chi.name, role: 'maintainer' as const, keys: [chi.key] },
  ];
  addPolicy(scene, nextPolicy(scene, { people, struck }), [ada], scene.now - minute);
  await scene.round();
}

/** The log as somebody outside reads it. */
function readLog(tree: Tree): { note: ReadNote; entries: Uint8Array[]; log: LogTree } {
  const note = readNote(need(tree, checkpointPath));
  const { size } = note.checkpoint;
  const bundles = Array.from({ length: Math.ceil(size / 256) }, (_, at) =>
    need(tree, entriesPath(at, widthOf(size, 0, at))),
  );
  const log = { size, hash, readTile: (tile: Parameters<LogTree['readTile']>[0]) => need(tree, tilePath(tile)) };
  return { note, entries: bundles.flatMap((bundle) => unpackEntries(bundle)), log };
}

/** The tree after each hand-back. */
async function treesSoFar(): Promise<Map<string, Uint8Array>[]> {
  const key = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  const trees: Map<string, Uint8Array>[] = [];
  for (const post of scene.posts)
    trees.push(new Map([...(trees.at(-1) ?? []), ...(await readHandback(post, key, hashing)).files]));
  return trees;
}

describe('the log', () => {
  it('has an entry for each document that was ever posted, once, with its digest, and nothing else', async () => {
    await live();
    const documents: string[] = [];
    let before: Tree = new Map();
    for (const tree of await treesSoFar()) {
      for (const [path, bytes] of tree)
        if (eventOf(path) !== null && before.get(path) !== bytes) documents.push(`${path} ${hashing.sha256(bytes)}`);
      before = tree;
    }
    const told = readLog(before)
      .entries.map((bytes) => readLogEntry(bytes))
      .map(({ path, sha256 }) => `${path} ${sha256}`);
    expect(told.sort()).toEqual(documents.sort());
    expect(told.map((line) => eventOf(line.split(' ')[0] ?? ''))).toEqual(
      expect.arrayContaining(['policy', 'release', 'yank', 'certificate', 'index-key']),
    );
    expect(told.filter((line) => line.startsWith('evidence/demo/releases/1.0/3.json'))).toHaveLength(1);
  });

  it('is signed by its own key, which the index key vouches for', async () => {
    await live();
    const tree = await scene.tree();
    const indexKey = await readIndexKey(scene.keys.armoredCertificate, scene.now);
    const vkey = need(tree, logKeyPath);
    const signature = need(tree, `${logKeyPath}.asc`);
    await requireIndexSignature({ what: 'the key of the log', bytes: vkey, signature }, indexKey, hashing);
    // The key may hold a plus sign, name and number never do.
    const [, name, keyId, octets = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)\n$/.exec(Buffer.from(vkey).toString()) ?? [];
    const raw = Buffer.from(octets, 'base64').subarray(1);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const { note } = readLog(tree);
    expect(note.checkpoint.origin).toBe(`${index}/log`);
    expect(note.signatures.map((line) => [line.name, Buffer.from(line.keyId).toString('hex')])).toEqual([
      [name, keyId],
    ]);
    expect(verify(null, Buffer.from(note.text), key, note.signatures[0]?.signature ?? Buffer.alloc(0))).toBe(true);
    expect(
      verify(null, Buffer.from(note.text.replace('\n', 'x\n')), key, note.signatures[0]?.signature ?? Buffer.alloc(0)),
    ).toBe(false);
  });

  it('shows every entry by the tiles that are served, and every checkpoint as the beginning of each later one', async () => {
    await live();
    const trees = await treesSoFar();
    const newest = readLog(trees.at(-1) ?? new Map());
    const { size, root } = newest.note.checkpoint;
    for (const [at, entry] of newest.entries.entries()) {
      const proof = inclusionProof(newest.log, at);
      expect(isIncluded(hash, { leaf: leafHash(hash, entry), index: at, size, proof, root })).toBe(true);
    }
    expect(newest.entries).toHaveLength(size);
    const checkpoints = trees.map((tree) => readLog(tree).note.checkpoint);
    expect(new Set(checkpoints.map((checkpoint) => checkpoint.size)).size).toBeGreaterThan(3);
    for (const earlier of checkpoints) {
      const proof = consistencyProof(newest.log, earlier.size);
      expect(isConsistent(hash, { from: earlier.size, fromRoot: earlier.root, size, root, proof })).toBe(true);
    }
  });

  it('has no text of people in it: no mail address, no reason', async () => {
    await live();
    const tree = await scene.tree();
    expect(Buffer.from(need(tree, 'evidence/demo/policy/2.json')).toString()).toContain('account compromised');
    for (const [path, bytes] of tree)
      if (path.startsWith('log/')) expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/compromised|breaks on/);
    for (const entry of readLog(tree).entries) expect(Buffer.from(entry).toString()).not.toContain('@');
  });

  it('stays as it is in a round without news', async () => {
    await live();
    const before = scene.posts.length;
    scene.now += minute;
    await scene.round();
    expect(scene.posts.length).toBe(before);
  });

  it('grows across the edge of a tile, whatever comes at once', async () => {
    const tree = new Map<string, Uint8Array>();
    const readTree = (path: string) => tree.get(path) ?? null;
    const documents = Array.from({ length: 600 }, (_, n): [string, Uint8Array] => [
      `evidence/demo/status/${n + 1}.json`,
      Buffer.from(`document ${n}`),
    ]);
    for (let [at, turn] = [0, 0]; at < documents.length; turn += 1) {
      const step = [100, 156, 1, 300, 43][turn] ?? 1;
      const writing = { index, keys: scene.keys, readTree, now: scene.now };
      for (const [path, bytes] of await writeLog(writing, new Map(documents.slice(at, at + step))))
        tree.set(path, bytes);
      at += step;
      const { note, entries, log } = readLog(tree);
      expect(entries.map((entry) => readLogEntry(entry).path)).toEqual(documents.slice(0, at).map(([path]) => path));
      const proof = inclusionProof(log, at - 1);
      const leaf = leafHash(hash, entries[at - 1] ?? new Uint8Array());
      expect(isIncluded(hash, { leaf, index: at - 1, size: at, proof, root: note.checkpoint.root })).toBe(true);
    }
  });
});

describe('a state folder in which somebody changed the log', () => {
  const damages: [string, (place: (path: string) => string, tree: Tree) => void][] = [
    ['a tile', (place, tree) => writeFileSync(place(lastTile(tree)), Buffer.alloc(need(tree, lastTile(tree)).length))],
    ['a tile that is gone', (place, tree) => rmSync(place(lastTile(tree)))],
    [
      'the checkpoint',
      (place, tree) =>
        writeFileSync(
          place(checkpointPath),
          Buffer.from(need(tree, checkpointPath))
            .toString()
            .replace(/\n[0-9]+\n/, '\n1\n'),
        ),
    ],
  ];

  it.each(damages)('signs nothing any more: %s', async (_, damage) => {
    addPolicy(scene);
    await scene.round();
    damage((path) => openStore(scene.folder).at(treePlace(path)), await scene.tree());
    const before = scene.posts.length;
    addDraft(scene, [ada, bo]);
    const report = await scene.round();
    expect(report.findings[0]?.code).toBe('log.damaged');
    expect([report.published, scene.posts.length]).toEqual([[], before]);
  });
});

const lastTile = (tree: Tree): string => {
  const { size } = readLog(tree).note.checkpoint;
  return tilePath({ level: 0, index: 0, width: size });
};

describe('what is read of a log', () => {
  const good =
    '{"type":"countersign/log-entry","format":1,"event":"policy","path":"evidence/demo/policy/1.json","sha256":"' +
    'a'.repeat(64) +
    '"}';
  it.each([
    ['an entry with a space more', good.replace(',"', ', "')],
    ['an entry with a line feed', `${good}\n`],
    ['an event that does not fit its path', good.replace('"policy"', '"release"')],
    ['a path that is never told', good.replace('policy/1.json', 'releases.json')],
    ['a digest in capitals', good.replaceAll('a'.repeat(64), 'A'.repeat(64))],
    ['another field', good.replace('{', '{"at":"now",')],
  ])('%s is no entry', async (_, text) => {
    expect(readLogEntry(Buffer.from(good)).path).toBe('evidence/demo/policy/1.json');
    expect(await refusalOf(() => readLogEntry(Buffer.from(text)))).toMatch(/^input\./);
  });

  const note = `o/log\n3\n${Buffer.alloc(32).toString('base64')}\n\n\u2014 o/log ${Buffer.alloc(68).toString('base64')}\n`;
  it.each([
    ['no signature part', note.split('\n\n')[0] ?? ''],
    ['a line more', note.replace('\n\n', '\nmore\n\n')],
    ['a size with a zero before it', note.replace('\n3\n', '\n03\n')],
    ['a negative size', note.replace('\n3\n', '\n-3\n')],
    ['a short root', note.replace(/\n[A-Za-z0-9+/=]+\n\n/, `\n${Buffer.alloc(31).toString('base64')}\n\n`)],
    ['a second spelling of base64', note.replace('AA=\n\n', 'AB=\n\n')],
    ['a signature without a name', note.replace('\u2014 o/log ', '\u2014 ')],
  ])('a note with %s is no checkpoint', async (_, text) => {
    expect(readNote(Buffer.from(note)).checkpoint.size).toBe(3);
    expect(await refusalOf(() => readNote(Buffer.from(text)))).toBe('log.checkpoint');
  });

  it('paths are those of C2SP tlog-tiles', () => {
    expect(tilePath({ level: 1, index: 1_234_067, width: 256 })).toBe('log/tile/1/x001/x234/067');
    expect(entriesPath(1_234_067, 5)).toBe('log/tile/entries/x001/x234/067.p/5');
    expect(firstOfBundle('log/tile/entries/x001/x234/067.p/5')).toBe(1_234_067 * 256);
  });

  it('a bundle that ends in the middle of an entry is refused', async () => {
    for (const bytes of [[0], [0, 1], [0, 2, 65], [255, 255]])
      expect(await refusalOf(() => unpackEntries(Uint8Array.from(bytes)))).toBe('input.not-a');
    expect(unpackEntries(Uint8Array.from([0, 0, 0, 1, 65]))).toEqual([new Uint8Array(), Uint8Array.of(65)]);
  });
});
