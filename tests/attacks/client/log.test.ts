// Lies about the log (threats.md, 103 to 108), told with every key of the index: forked, put back, cut short, other than its checkpoint, of another key. Two checkpoints
// that contradict each other are kept as evidence; everything else that the client keeps stays byte for byte as it was.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectName } from '#lib/core/ids.ts';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { copyOf } from '../../support/evil-index.ts';
import { endless, status } from '../../support/hostile-index.ts';
import { openLiedTo, type LiedTo } from '../../support/lied-to.ts';
import { ada, addPolicy, bo, firstPolicy, type Scene } from '../../support/scene.ts';
import { servedTree } from '../../support/served-tree.ts';
import { openOneRelease } from '../../support/two-releases.ts';

const [checkpoint, vkey] = ['log/checkpoint', 'log/vkey'];
const numberOfRecord = 'log/number/evidence/demo/releases/1.0/1.json';

let held: LiedTo;
/** The index before the client looked, when the log was shorter. */
let before: Map<string, Uint8Array>;

/** Something that the log tells, and that has nothing to do with demo. */
async function foundOther(scene: Scene, project: string, by = ada): Promise<void> {
  const people = [{ name: by.name, role: 'owner', keys: [by.key] }] as const;
  addPolicy(scene, firstPolicy({ project: project as ProjectName, threshold: 1, people }), [by]);
  expect((await scene.round()).policies).toEqual([project]);
}

beforeAll(async () => {
  const scene = await openOneRelease();
  before = await servedTree(scene);
  await foundOther(scene, 'other');
  held = await openLiedTo(scene);
  expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
  held.remember();
});
afterEach(() => held.again());
afterAll(() => held?.close());

const tree = () => held.index.tree;
const bytesAt = (place: string): Uint8Array => tree().get(place) ?? Buffer.alloc(0);
const text = (place: string): string => Buffer.from(bytesAt(place)).toString();
const put = (place: string, bytes: Uint8Array | string) => void tree().set(place, Buffer.from(bytes));
const newestTile = (): string =>
  [...tree().keys()].filter((place) => /^log\/tile\/0\//.test(place)).at(-1) ?? 'there is no tile';

type Lie = [name: string, tell: () => void, code: string];

const lies: Lie[] = [
  ['a log that is gone', () => void tree().delete(checkpoint), 'log.missing'],
  [
    'a checkpoint that is none',
    () => put(checkpoint, 'sign.example.org/log\nmany\nAA==\n\n— x AA==\n'),
    'index.malformed',
  ],
  [
    'a checkpoint of another size',
    () => put(checkpoint, text(checkpoint).replace(/\n\d+\n/, '\n99\n')),
    'log.not-signed',
  ],
  [
    'a checkpoint of another log',
    () => put(checkpoint, text(checkpoint).replace(/^\S+/, 'other/log')),
    'log.other-log',
  ],
  ['a checkpoint without its signature', () => put(checkpoint, unsigned()), 'log.not-signed'],
  [
    'a checkpoint by another key',
    () => put(vkey, text(vkey).replace(/\+[A-Za-z0-9/]{8}/, '+AAAAAAAA')),
    'evidence.not-countersigned',
  ],
  ['an older checkpoint that is signed', () => put(checkpoint, before.get(checkpoint) ?? ''), 'log.went-back'],
  ['tiles that are gone', () => void tree().delete(newestTile()), 'log.incomplete'],
  ['tiles that are cut', () => put(newestTile(), bytesAt(newestTile()).subarray(0, 33)), 'log.incomplete'],
  ['tiles of another tree', () => put(newestTile(), turned(bytesAt(newestTile()))), 'log.damaged-tiles'],
  [
    'a release of which the log does not know where it stands',
    () => void tree().delete(numberOfRecord),
    'log.not-in-log',
  ],
  ['a release that is said to stand elsewhere in it', () => put(numberOfRecord, '0\n'), 'log.not-in-log'],
  ['a release that is said to stand behind its end', () => put(numberOfRecord, '4000000000\n'), 'log.not-in-log'],
  ['a place in it that is no number', () => put(numberOfRecord, '-1\n'), 'log.not-in-log'],
  ['a checkpoint that never ends', () => held.index.answer(/checkpoint/, endless), 'index.too-large'],
  [
    'a checkpoint from elsewhere',
    () => held.index.answer(/checkpoint/, status(301, { location: '/x' })),
    'index.redirects',
  ],
];

const unsigned = (): string => `${text(checkpoint).split('\n\n')[0]}\n\n— nobody AAAAAAAA\n`;
const turned = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));

const over = ['index.too-large', 'index.redirects'];

describe('whoever knows the log refuses', () => {
  test.each(lies)('%s', async (_, tell, code) => {
    tell();
    const picture = held.picture();
    expect(await held.verify()).toMatchObject({ exit: over.includes(code) ? 3 : 1, code });
    expect(held.picture()).toEqual(picture);
  });
});

test('a log of the same size that tells another story is refused, and both checkpoints are kept to be shown to others', async () => {
  const evil = await copyOf(held.scene);
  const honest = await copyOf(held.scene);
  try {
    await foundOther(honest, 'third');
    await held.serve(honest);
    expect(await held.verify()).toMatchObject({ exit: 0 });
    await foundOther(evil, 'another', bo);
    await held.serve(evil);
    const picture = held.picture();
    expect(await held.verify()).toMatchObject({ exit: 1, code: 'log.forked' });
    expect(held.picture()).toEqual(picture);
    const kept = held.client.told.join('\n').match(/kept in (\S+);/)?.[1] ?? '';
    const evidence = JSON.parse(readFileSync(kept, 'utf8')) as { seen: string; served: string };
    const sizes = [evidence.seen, evidence.served].map((note) => readNote(Buffer.from(note)).checkpoint.size);
    expect(sizes[0]).toBe(sizes[1]);
    expect(evidence.seen).not.toBe(evidence.served);
    expect(readdirSync(path.dirname(kept))).toHaveLength(1);
  } finally {
    evil.close();
    honest.close();
  }
});
