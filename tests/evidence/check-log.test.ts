// What whoever reads an index does with its log: the tree is the one that the checkpoint signs, it continues the one that was seen, and each document
// stands in it. The trees are written by the real countersigner code; each lie is one change of what is served.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { publicOctetsOf, noteCheck, sha256Octets as hash, signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkLog, requireLogged, type LogCheck, type LogQuestion } from '#lib/evidence/check-log.ts';
import { readNote, renderNote, renderNoteKey, readNoteKey } from '#lib/evidence/checkpoint.ts';
import { makeCosignature } from '#lib/evidence/cosignature.ts';
import { readIndexKey, type IndexKey } from '#lib/evidence/index-signature.ts';
import { checkpointPath, entriesPath, logKeyPath, numberPath, readLogEntry, tilePath } from '#lib/evidence/log-tree.ts';
import { readEntries } from '#lib/evidence/served-log.ts';
import { writeLog } from '../../countersigner/write-log.ts';
import { refusalOf } from '../support/pgp.ts';
import { index, openScene, type Scene } from '../support/scene.ts';

type Tree = ReadonlyMap<string, Uint8Array>;

let scene: Scene;
let indexKey: IndexKey;
beforeAll(async () => {
  scene = await openScene();
  indexKey = await readIndexKey(scene.keys.armoredCertificate, scene.now);
});
afterAll(() => scene.close());

const place = (n: number): string => `evidence/demo/status/${n + 1}.json`;
const content = (n: number, story: string): Buffer => Buffer.from(`document ${n} ${story}`);

/** What an index serves whose log tells these many documents; another story from `since` on. */
async function grown(sizes: readonly number[], since = Number.POSITIVE_INFINITY): Promise<Map<string, Uint8Array>[]> {
  const trees: Map<string, Uint8Array>[] = [];
  for (const size of sizes) {
    const before = trees.at(-1) ?? new Map<string, Uint8Array>();
    const documents = new Map<string, Uint8Array>();
    for (let n = sizes[trees.length - 1] ?? 0; n < size; n += 1)
      documents.set(place(n), content(n, n >= since ? 'another' : 'the one'));
    const writing = { index, keys: scene.keys, readTree: (path: string) => before.get(path) ?? null, now: scene.now };
    trees.push(new Map([...before, ...(await writeLog(writing, documents))]));
  }
  return trees;
}

const read = (tree: Tree) => async (path: string) => tree.get(path) ?? null;
const need = (tree: Tree, path: string): Uint8Array => {
  const bytes = tree.get(path);
  if (!bytes) throw new Error(`${path} is not served`);
  return bytes;
};
const noteOf = (tree: Tree): Uint8Array => need(tree, checkpointPath);
const check = (tree: Tree, question: Partial<LogQuestion> = {}): Promise<LogCheck> =>
  checkLog(read(tree), { index, indexKey, seen: null, ...question }, { hashing, note: noteCheck });
const logged = async (tree: Tree, ...numbers: number[]) =>
  requireLogged(
    read(tree),
    await check(tree),
    numbers.map((n) => ({ path: place(n), sha256: hashing.sha256(content(n, 'the one')) })),
    noteCheck,
  );

const sizes = [1, 2, 7, 255, 256, 257, 300, 600];

describe('a log that tells the truth', () => {
  it('is accepted at first contact and as the continuation of everything that was seen before', async () => {
    const trees = await grown(sizes);
    for (const [at, tree] of trees.entries())
      for (const earlier of trees.slice(0, at + 1))
        expect((await check(tree, { seen: noteOf(earlier) })).note.checkpoint.size).toBe(sizes[at]);
  });

  it('shows each document, with the number of its entry', async () => {
    for (const [at, tree] of (await grown(sizes)).entries()) {
      const newest = (sizes[at] ?? 0) - 1;
      const shown = await logged(tree, 0, newest);
      expect(shown.get(place(newest))?.number).toBe(newest);
    }
  });

  it('is read whole, and from an entry on', async () => {
    const tree = (await grown([300])).at(-1) ?? new Map();
    const entries: string[] = [];
    for await (const entry of readEntries(read(tree), 300, 250)) entries.push(readLogEntry(entry).path);
    expect(entries).toEqual(Array.from({ length: 50 }, (_, n) => place(250 + n)));
  });

  it('costs a few tiles, however large it is', async () => {
    const tree = (await grown([1, 600])).at(-1) ?? new Map();
    const asked: string[] = [];
    const counting = async (path: string) => {
      asked.push(path);
      return tree.get(path) ?? null;
    };
    const checked = await checkLog(counting, { index, indexKey, seen: null }, { hashing, note: noteCheck });
    await requireLogged(
      counting,
      checked,
      [{ path: place(0), sha256: hashing.sha256(content(0, 'the one')) }],
      noteCheck,
    );
    expect(asked.filter((path) => path.startsWith('log/tile/')).length).toBeLessThanOrEqual(4);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

const other = (bytes: Uint8Array): Uint8Array => bytes.map((octet, at) => (at === 40 ? octet ^ 1 : octet));
const strangersKey = generateKeyPairSync('ed25519').privateKey;

/** The checkpoint signed again: by the key of the log, or by one that nobody knows. */
function signedAgain(tree: Tree, change: (text: string) => string, key = scene.keys.log.privateKey): Uint8Array {
  const { text, signatures } = readNote(noteOf(tree));
  const changed = change(text);
  const [line] = signatures;
  if (!line) throw new Error('no line');
  return Buffer.from(renderNote(changed, [{ ...line, signature: signEd25519(key, Buffer.from(changed)) }]));
}

const lies: [string, string, (tree: Map<string, Uint8Array>) => void][] = [
  ['there is no checkpoint', 'log.missing', (tree) => tree.delete(checkpointPath)],
  ['there is no key of the log', 'log.missing', (tree) => tree.delete(logKeyPath)],
  [
    'the key of the log is one that the index key did not sign',
    'evidence.not-countersigned',
    (tree) =>
      tree.set(
        logKeyPath,
        Buffer.from(`${renderNoteKey({ name: `${index}/log`, publicKey: publicOctetsOf(strangersKey) }, hash)}\n`),
      ),
  ],
  [
    'the checkpoint is signed by another key',
    'log.not-signed',
    (tree) =>
      tree.set(
        checkpointPath,
        signedAgain(tree, (text) => text, strangersKey),
      ),
  ],
  [
    'a signature line is left out',
    'log.not-signed',
    (tree) => tree.set(checkpointPath, Buffer.from(`${readNote(noteOf(tree)).text}\n`)),
  ],
  [
    'the checkpoint is that of another log',
    'log.other-log',
    (tree) =>
      tree.set(
        checkpointPath,
        signedAgain(tree, (text) => text.replace(index, 'other.example.org')),
      ),
  ],
  [
    'the size runs ahead of the tree',
    'log.incomplete',
    (tree) =>
      tree.set(
        checkpointPath,
        signedAgain(tree, (text) => text.replace('\n300\n', '\n400\n')),
      ),
  ],
  [
    'the size is beyond everything',
    'log.checkpoint',
    (tree) =>
      tree.set(
        checkpointPath,
        signedAgain(tree, (text) => text.replace('\n300\n', '\n999999999999999\n')),
      ),
  ],
  [
    'a tile has a hash of something else',
    'log.damaged-tiles',
    (tree) => {
      const path = tilePath({ level: 0, index: 1, width: 44 });
      tree.set(path, other(need(tree, path)));
    },
  ],
  [
    'a tile is shorter than it must be',
    'log.incomplete',
    (tree) => {
      const path = tilePath({ level: 0, index: 1, width: 44 });
      tree.set(path, need(tree, path).slice(32));
    },
  ],
];

describe('a log that lies', () => {
  it.each(lies)('is refused: %s (%s)', async (_, code, lie) => {
    const tree = (await grown([300])).at(-1) ?? new Map();
    lie(tree);
    expect(await refusalOf(() => check(tree))).toBe(code);
  });

  it('is refused when it is shorter than what was seen, though it is whole in itself', async () => {
    const [small, large] = await grown([256, 300]);
    const fault = await check(small ?? new Map(), { seen: noteOf(large ?? new Map()) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isRefusal(fault) ? [fault.code, fault.message] : fault).toEqual([
      'log.went-back',
      expect.stringContaining('256 entries now and had 300 before'),
    ]);
  });

  it.each([
    [100, 300, 50],
    [300, 300, 299],
    [256, 600, 255],
    [257, 600, 0],
  ])('is refused as a fork: %i entries were seen, %i are served, another story since %i', async (from, size, since) => {
    const seen = (await grown([from])).at(-1) ?? new Map();
    const forked = (await grown([size], since)).at(-1) ?? new Map();
    const fault = await check(forked, { seen: noteOf(seen) }).catch((thrown: unknown) => thrown);
    if (!isRefusal(fault)) throw fault;
    expect(fault.code).toBe('log.forked');
    // Both signed checkpoints are in hand, to be shown to anybody.
    const { seen: one, served } = fault.details as { seen: string; served: string };
    expect([readNote(Buffer.from(one)).checkpoint.size, readNote(Buffer.from(served)).checkpoint.size]).toEqual([
      from,
      size,
    ]);
  });

  it('is not called a fork when only tiles are broken', async () => {
    const [small, large] = await grown([100, 600]);
    const tree = new Map(large);
    const path = tilePath({ level: 0, index: 0, width: 256 });
    tree.set(path, other(need(tree, path)));
    expect(await refusalOf(() => check(tree, { seen: noteOf(small ?? new Map()) }))).toBe('log.damaged-tiles');
  });

  it.each([
    ['the document has other bytes', 1, (tree: Map<string, Uint8Array>) => tree],
    ['the number of its entry is not served', 0, (tree) => void tree.delete(numberPath(place(0)))],
    ['the number is that of another entry', 0, (tree) => void tree.set(numberPath(place(0)), Buffer.from('1\n'))],
    ['the number is beyond the log', 0, (tree) => void tree.set(numberPath(place(0)), Buffer.from('300\n'))],
    ['the number is no number', 0, (tree) => void tree.set(numberPath(place(0)), Buffer.from('-1\n'))],
  ] satisfies [string, number, (tree: Map<string, Uint8Array>) => unknown][])(
    'does not show a document: %s',
    async (_, other, lie) => {
      const tree = (await grown([300], other === 1 ? 0 : undefined)).at(-1) ?? new Map();
      lie(tree);
      expect(await refusalOf(() => logged(tree, 0))).toBe('log.not-in-log');
    },
  );

  it('is refused while a bundle of entries lacks one', async () => {
    const tree = (await grown([300])).at(-1) ?? new Map();
    tree.set(entriesPath(1, 44), need(tree, entriesPath(1, 44)).slice(0, -200));
    const all = async () => {
      for await (const _ of readEntries(read(tree), 300)) continue;
    };
    expect(await refusalOf(all)).toMatch(/^log\.incomplete$|^input\./);
  });
});

describe('witnesses on a checkpoint', () => {
  const witness = (name: string) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return {
      key: { name, publicKey: publicOctetsOf(privateKey) },
      sign: (m: Uint8Array) => signEd25519(privateKey, m),
    };
  };
  const [one, two] = [witness('witness.example/one'), witness('witness.example/two')];

  async function cosigned(by: readonly (typeof one)[], at = 1_700_000_000): Promise<Map<string, Uint8Array>> {
    const tree = (await grown([7])).at(-1) ?? new Map();
    const note = readNote(noteOf(tree));
    const lines = by.map((each) => makeCosignature(note, { ...each, at, hash }));
    return tree.set(checkpointPath, Buffer.from(renderNote(note.text, [...note.signatures, ...lines])));
  }

  it('are named with their time; those whom nobody gave are ignored', async () => {
    const tree = await cosigned([one, two]);
    expect((await check(tree, { witnesses: [one.key] })).cosigned).toEqual([{ name: one.key.name, at: 1_700_000_000 }]);
    expect((await check(tree)).cosigned).toEqual([]);
  });

  it('sign nothing for somebody else: a line with their name and number that does not hold spoils the note', async () => {
    const tree = await cosigned([one]);
    const note = readNote(noteOf(tree));
    const [own, line] = note.signatures;
    if (!own || !line) throw new Error('two lines were expected');
    const signature = line.signature.map((octet, at) => (at === 7 ? octet ^ 1 : octet));
    tree.set(checkpointPath, Buffer.from(renderNote(note.text, [own, { ...line, signature }])));
    expect(await refusalOf(() => check(tree, { witnesses: [one.key] }))).toBe('log.not-signed');
  });

  it('may sign with a type that is not known here: the line is ignored, however long it is (ML-DSA-44)', async () => {
    const tree = await cosigned([one]);
    const note = readNote(noteOf(tree));
    const long = { name: 'witness.example/later', keyId: Uint8Array.of(1, 2, 3, 4), signature: new Uint8Array(2428) };
    tree.set(checkpointPath, Buffer.from(renderNote(note.text, [...note.signatures, long])));
    expect((await check(tree, { witnesses: [one.key] })).cosigned).toHaveLength(1);
  });

  // The example of C2SP tlog-cosignature: a checkpoint and its lines as the specification prints them.
  it('are read from the example of the specification', () => {
    const note = readNote(
      Buffer.from(
        [
          'example.com/behind-the-sofa',
          '20852163',
          'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
          '',
          '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
          '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==',
          '',
        ].join('\n'),
      ),
    );
    expect(note.checkpoint.size).toBe(20852163);
    expect(note.signatures.map(({ name, signature }) => [name, signature.length])).toEqual([
      ['example.com/behind-the-sofa', 64],
      ['witness.example.com/w1', 72],
    ]);
  });

  // The example of C2SP signed-note.
  it('and keys of notes have the spelling of the specification', async () => {
    const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    const key = readNoteKey(vkey, hash);
    expect(renderNoteKey(key, hash)).toBe(vkey);
    expect(renderNoteKey(key, hash, 'cosignature')).not.toBe(vkey);
    for (const wrong of [vkey.replace('530d903a', '530d903b'), `${vkey} `, vkey.replace('+A', '+B'), ''])
      expect(await refusalOf(() => readNoteKey(wrong, hash))).toBe('log.key');
    expect(await refusalOf(() => readNoteKey(vkey, hash, 'cosignature'))).toBe('log.key');
  });
});
