// `countersign witness`: signs the checkpoint of an index that only grew, hands its line in, and never signs a second story: not on a fork, not on a log that went
// back, not after a kill, not from a folder that lost what it saw. The index is a real tree over real HTTP.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { readNote, readNoteKey, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { findCosigned } from '#lib/evidence/cosignature.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { writeLog } from '../../countersigner/write-log.ts';
import { witnessInitCommand, witnessOnceCommand, witnessRunCommand } from '#cli/commands/witness.ts';
import { forgeCertificate, forgeKey } from '../support/forge.ts';
import { endless, openHostileIndex, type HostileIndex } from '../support/hostile-index.ts';
import { pictureOf } from '../support/pins.ts';
import { changeIndexKey, changeLogKey } from '../support/rotated.ts';
import { addPolicy, index as indexName, noon, openScene, type Scene } from '../support/scene.ts';

type Tree = Map<string, Uint8Array>;

let scene: Scene;
let small: Tree;
let honest: Tree;
let index: HostileIndex;
let folder: string;
let taken: string[];
beforeAll(async () => {
  scene = await openScene();
  addPolicy(scene);
  await scene.round();
  small = await scene.tree();
  honest = await grown(small, 'the one', 300);
  index = await openHostileIndex(small);
});
afterAll(async () => {
  await index.stop();
  scene.close();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-witness-'));
  taken = [];
  serve(small);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function grown(tree: Tree, story: string, count: number): Promise<Tree> {
  const documents = Array.from({ length: count }, (_, n): [string, Uint8Array] => [
    `evidence/demo/status/${n + 1}.json`,
    Buffer.from(`${story} ${n}`),
  ]);
  const writing = { index: indexName, keys: scene.keys, readTree: (at: string) => tree.get(at) ?? null, now: noon };
  return new Map([...tree, ...(await writeLog(writing, new Map(documents)))]);
}

/** Serves this tree from now on, and takes lines of witnesses. */
function serve(tree: Tree, status = 200): void {
  index.restore(tree);
  index.answer(/^cosignatures$/, (res, _, req) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      taken.push(Buffer.concat(parts).toString('utf8'));
      res.writeHead(status).end(status === 200 ? '{}' : '{"detail":"No witness of this index signed that."}');
    });
  });
}

const at = () => path.join(folder, 'w');
const name = 'witness.example/one';
const init = (more: Partial<Parameters<typeof witnessInitCommand>[1]> = {}) =>
  witnessInitCommand(index.base, { folder: at(), name, indexKey: scene.keys.key.fingerprint, ...more }, noon);
const once = (now = noon) => witnessOnceCommand({ folder: at() }, now);
const seen = (): ReadNote => readNote(readFileSync(path.join(at(), 'checkpoint')));
const sizeOf = (tree: Tree): number => readNote(tree.get(checkpointPath) ?? Buffer.alloc(0)).checkpoint.size;

describe('a new witness', () => {
  it('prints its key, under which its lines verify, and keeps the private half for itself', async () => {
    const { exit, out } = await init({ json: true });
    expect(exit).toBe(0);
    const { key } = JSON.parse(out) as { key: string };
    expect(statSync(path.join(at(), 'private.pem')).mode & 0o077).toBe(0);
    expect((await once()).exit).toBe(0);
    const witness = readNoteKey(key, noteCheck.hash, 'cosignature');
    const [note = ''] = taken;
    expect(findCosigned(readNote(Buffer.from(note)), [witness], noteCheck)).toEqual([{ name, at: noon / 1000 }]);
  });

  it('is not made without the fingerprint of the index, which it shows (exit 4), nor with another one', async () => {
    const without = await init({ indexKey: undefined });
    expect([without.exit, without.err]).toEqual([4, expect.stringContaining(scene.keys.key.fingerprint)]);
    const { exit, err } = await init({ indexKey: 'A'.repeat(40) });
    expect([exit, err]).toEqual([1, expect.stringContaining('verify.other-index-key')]);
    expect(pictureOf(at())).toEqual({});
  });

  it('keeps key and checkpoint when it is made again, and is no second witness of another name', async () => {
    await init();
    await once();
    const before = pictureOf(at());
    expect((await init()).exit).toBe(0);
    expect(pictureOf(at())).toEqual(before);
    expect((await init({ name: 'witness.example/two' })).err).toContain('witness.exists');
    expect(pictureOf(at())).toEqual(before);
  });

  it.each(['with space', 'with+plus', ''])('has a name that a line can carry: %j', async (wrong) => {
    expect((await init({ name: wrong })).exit).toBe(2);
    expect(pictureOf(at())).toEqual({});
  });
});

describe('a log that grew', () => {
  it('is signed and handed in; what was signed is kept', async () => {
    await init();
    serve(honest);
    const { exit, out } = await once();
    expect([exit, out]).toEqual([
      0,
      expect.stringContaining(`${sizeOf(honest)} entries continues the one of ${sizeOf(small)}`),
    ]);
    expect(seen().checkpoint).toEqual(readNote(honest.get(checkpointPath) ?? Buffer.alloc(0)).checkpoint);
    expect(taken).toEqual([readFileSync(path.join(at(), 'checkpoint'), 'utf8')]);
  });

  it('is signed anew at each look, so that its line is fresh', async () => {
    await init();
    await once();
    await once(noon + 60_000);
    expect(new Set(taken).size).toBe(2);
  });

  it('is signed and kept also where the index does not take the line, which is said (exit 3)', async () => {
    await init();
    serve(honest, 403);
    const { exit, err } = await once();
    expect([exit, err]).toEqual([
      3,
      'The index did not take the line: status 403: No witness of this index signed that.\n',
    ]);
    expect(seen().checkpoint.size).toBe(sizeOf(honest));
  });
});

describe('another key', () => {
  let changing: Scene;
  let first: Tree;
  let oldKey: string;
  beforeEach(async () => {
    changing = await openScene();
    addPolicy(changing);
    await changing.round();
    first = await changing.tree();
    oldKey = changing.keys.key.fingerprint;
    serve(first);
    await init({ indexKey: oldKey });
    await once();
    taken = [];
  });
  afterEach(() => changing.close());

  const watchedKey = () =>
    (JSON.parse(readFileSync(path.join(at(), 'witness.json'), 'utf8')) as { indexKey: string }).indexKey;

  it('of the index is followed along every change that old and new key signed, said, and kept; the old one counts no more', async () => {
    const { new: second } = await changeIndexKey(changing);
    const { new: third } = await changeIndexKey(changing);
    const tree = await changing.tree();
    serve(tree);
    const { exit, out } = await once(changing.now);
    expect(exit).toBe(0);
    expect(out).toContain(`${oldKey} vouches for ${second}.\n`);
    expect(out).toContain(`${second} vouches for ${third}.\n`);
    expect([seen().checkpoint.size, watchedKey(), taken.length]).toEqual([sizeOf(tree), third, 1]);
    const again = await witnessOnceCommand({ folder: at(), json: true }, changing.now);
    expect([again.exit, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ indexKey: third })]);
    const before = pictureOf(at());
    serve(first);
    expect((await once(changing.now)).err).toContain('(verify.other-index-key)');
    expect(pictureOf(at())).toEqual(before);
  });

  it('of the log is followed, before and after one of the index', async () => {
    await changeLogKey(changing);
    serve(await changing.tree());
    expect((await once(changing.now)).exit).toBe(0);
    await changeIndexKey(changing);
    await changeLogKey(changing);
    const tree = await changing.tree();
    serve(tree);
    expect((await once(changing.now)).exit).toBe(0);
    expect([seen().checkpoint.size, taken.length]).toEqual([sizeOf(tree), 2]);
  });

  const lies: [string, string, (tree: Tree) => unknown][] = [
    ['without the change', 'verify.other-index-key', (tree) => tree.delete('keys/index/1.json')],
    ['with a change that is not signed', 'index-key.not-both', (tree) => tree.delete('keys/index/1.json.asc')],
    [
      'with a change that the log does not tell',
      'log.not-in-log',
      (tree) => tree.delete('log/number/keys/index/1.json'),
    ],
    [
      'with a log that is another',
      'log.',
      (tree) => tree.set(checkpointPath, first.get(checkpointPath) ?? Buffer.alloc(0)),
    ],
  ];
  it.each(lies)('%s is not followed (%s): nothing is signed, and nothing changes', async (_, code, lie) => {
    await changeLogKey(changing);
    await changeIndexKey(changing);
    const tree = await changing.tree();
    lie(tree);
    serve(tree);
    const before = pictureOf(at());
    const { exit, out, err } = await once(changing.now);
    expect([exit, out, err]).toEqual([1, '', expect.stringContaining(`(${code}`)]);
    expect(taken).toEqual([]);
    expect(pictureOf(at())).toEqual(before);
  });
});

describe('an index that answers without end', () => {
  it('holds up nothing: the line is kept, and that it was not taken is said (exit 3)', async () => {
    await init();
    serve(honest, 403);
    index.answer(/^cosignatures$/, endless);
    const { exit, err } = await once();
    expect([exit, err]).toEqual([3, expect.stringContaining('did not take the line')]);
    expect(seen().checkpoint.size).toBe(sizeOf(honest));
  });
});

describe('nothing is signed, and nothing changes in the folder,', () => {
  const lies: [string, string, (tree: Tree) => Promise<Tree> | Tree][] = [
    ['on a fork', 'witness.contradiction', () => grown(small, 'another', 400)],
    ['on a log that went back', 'witness.contradiction', () => small],
    ['without a checkpoint', 'log.missing', (tree) => (tree.delete(checkpointPath), tree)],
    ['where a tile is missing', 'log.incomplete', (tree) => (tree.delete('log/tile/1/000.p/1'), tree)],
    [
      'under another index key',
      'verify.other-index-key',
      (tree) => tree.set('keys/index.asc', forgeCertificate(forgeKey('other'))),
    ],
  ];
  it.each(lies)('%s (%s)', async (_, code, lie) => {
    await init();
    serve(honest);
    await once();
    taken = [];
    const before = pictureOf(at());
    serve(await lie(new Map(honest)));
    const { exit, out, err } = await once();
    expect([exit, out, err]).toEqual([1, '', expect.stringContaining(`(${code})`)]);
    expect(taken).toEqual([]);
    const after = pictureOf(at());
    for (const place of Object.keys(after)) if (place.startsWith('contradictions')) delete after[place];
    expect(after).toEqual(before);
  });

  it('when its folder lost the checkpoint: that is no new beginning', async () => {
    await init();
    rmSync(path.join(at(), 'checkpoint'));
    expect((await once()).err).toContain('witness.damaged');
    expect((await init()).err).toContain('witness.damaged');
    expect(taken).toEqual([]);
  });

  it('when others can read its key', async () => {
    await init();
    chmodSync(path.join(at(), 'private.pem'), 0o644);
    expect((await once()).err).toContain('witness.loose-mode');
    expect(taken).toEqual([]);
  });

  it('when the index is not there (exit 3)', async () => {
    await init();
    index.answer(/checkpoint/, (res) => void res.writeHead(503).end());
    expect((await once()).exit).toBe(3);
    expect(taken).toEqual([]);
  });
});

describe('a contradiction', () => {
  it('is kept as both signed checkpoints, in a file whose place is said', async () => {
    await init();
    serve(honest);
    await once();
    serve(await grown(small, 'another', 400));
    const { err } = await once();
    const [file = ''] = readdirSync(path.join(at(), 'contradictions'));
    expect(err).toContain(path.join(at(), 'contradictions', file));
    const text = readFileSync(path.join(at(), 'contradictions', file), 'utf8');
    expect(text.match(new RegExp(`^${indexName}/log$`, 'gm'))).toHaveLength(2);
  });

  it('ends a running witness, trouble of the network does not', async () => {
    await init();
    serve(honest);
    await once();
    const stop = new AbortController();
    const told: number[] = [];
    index.answer(/checkpoint/, (res) => void res.writeHead(503).end());
    const telling = {
      stop: stop.signal,
      clock: () => noon,
      tell: ({ exit }: { exit: number }) => (told.push(exit), stop.abort()),
    };
    expect((await witnessRunCommand({ folder: at() }, telling)).exit).toBe(0);
    expect(told).toEqual([3]);
    serve(small);
    const again = { ...telling, stop: new AbortController().signal };
    expect((await witnessRunCommand({ folder: at() }, again)).exit).toBe(1);
  });
});
