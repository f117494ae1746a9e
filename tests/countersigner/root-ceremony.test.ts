// The root that people hold: who must sign it, what else is refused, and that clients follow from the development root to it and from one to the
// next, whichever keys change. Refused roots leave the state folder as it was.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { publicOctetsOf, signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  readRoot,
  renderRoot,
  signedRootBytes,
  tufKeyId,
  type RootDocument,
  type RootFacts,
} from '#lib/evidence/root-document.ts';
import { acceptRoot, mergeCopies, newRoot, type NewRoot } from '#countersigner/tuf/ceremony.ts';
import { openKeys } from '#countersigner/keys.ts';
import { openStore, type Store } from '#countersigner/store.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addDraft, addPolicy, bo, index, minute, openScene, type Scene } from '../support/scene.ts';

const day = 24 * 60 * minute;

type Holder = { key: string; privateKey: KeyObject };
const makeHolder = (): Holder => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: Buffer.from(publicOctetsOf(privateKey)).toString('hex'), privateKey };
};
const [uma, vic, wes, xia] = [makeHolder(), makeHolder(), makeHolder(), makeHolder()];

let scene: Scene;
let store: Store;
let folder: string;
beforeEach(async () => {
  scene = await openScene();
  store = openStore(scene.folder);
  folder = mkdtempSync(path.join(tmpdir(), 'root-ceremony-'));
  vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
});
afterEach(() => {
  vi.useRealTimers();
  scene.close();
  rmSync(folder, { recursive: true });
});

const write = (change: Partial<NewRoot> = {}): Uint8Array =>
  newRoot(store, {
    ...{ index, holders: [uma.key, vic.key, wes.key], threshold: 2, days: 365, renew: [], now: scene.now },
    ...change,
  });

function signBy(holder: Holder, bytes: Uint8Array): Uint8Array {
  const { facts, signatures } = readRoot(bytes, hashing);
  const signature = Buffer.from(signEd25519(holder.privateKey, signedRootBytes(facts, hashing))).toString('hex');
  const entry = { keyId: tufKeyId(holder.key, hashing), signature };
  return Buffer.from(renderRoot({ facts, signatures: [...signatures, entry] }, hashing));
}

const signedBy = (bytes: Uint8Array, ...holders: Holder[]): RootDocument =>
  mergeCopies(holders.map((holder, at) => ({ file: `copy-${at}`, bytes: signBy(holder, bytes) })));

const accept = (bytes: Uint8Array, ...holders: Holder[]): RootFacts =>
  acceptRoot(store, signedBy(bytes, ...holders), scene.now);

/** A round with the keys as they lie in the folder now. */
async function round(): Promise<void> {
  scene.now += minute;
  scene.keys = await openKeys(store, scene.now);
  await scene.round();
  vi.setSystemTime(scene.now);
}

class TreeFetcher extends BaseFetcher {
  override async fetch(url: string): Promise<Readable> {
    const bytes = (await scene.tree()).get(`tuf/${new URL(url).pathname.slice(1)}`);
    if (!bytes) throw new DownloadHTTPError('not there', 404);
    return Readable.from([Buffer.from(bytes)]);
  }
}

/** A client that began with this root and keeps what it sees; answers the version of the root it ends with. */
async function follow(client: string, begin: number, target = 'keys/index.asc'): Promise<number> {
  const metadataDir = path.join(folder, client);
  mkdirSync(metadataDir, { recursive: true });
  if (readdirSync(metadataDir).length === 0)
    writeFileSync(path.join(metadataDir, 'root.json'), (await scene.tree()).get(`tuf/${begin}.root.json`) ?? '');
  const updater = new Updater({
    ...{ metadataDir, metadataBaseUrl: 'http://index', targetDir: folder, fetcher: new TreeFetcher() },
  });
  await updater.refresh();
  expect(await updater.getTargetInfo(target)).toBeDefined();
  return (updater as unknown as { trustedSet: { root: { signed: { version: number } } } }).trustedSet.root.signed
    .version;
}

describe('a root that enough holders signed', () => {
  test('is the first root of an index that has not begun, and no development root ever was', async () => {
    accept(write(), uma, vic);
    await round();
    const root = readRoot((await scene.tree()).get('tuf/1.root.json') ?? new Uint8Array(), hashing);
    expect(root.facts).toMatchObject({ version: 1, stage: 'offline', index });
    expect(await follow('fresh', 1)).toBe(1);
    expect(readdirSync(store.at('tuf-keys')).filter((name) => name.startsWith('root'))).toEqual([]);
  });

  test('takes the place of the development root: clients follow, and the key of the latter is gone', async () => {
    await round();
    expect(await follow('kept', 1)).toBe(1);
    accept(write(), uma, wes);
    expect(readdirSync(store.at('tuf-keys')).filter((name) => name.startsWith('root'))).toEqual([]);
    await round();
    expect(await follow('kept', 1)).toBe(2);
    expect(await follow('fresh', 1)).toBe(2);
  });

  test('changes the keys of all the online roles, and everything published stays readable', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    await round();
    accept(write(), uma, vic);
    await round();
    expect(await follow('kept', 1, 'evidence/demo/releases/1.0/1.json')).toBe(2);
    accept(write({ holders: [], threshold: null, renew: ['targets', 'snapshot', 'timestamp'] }), vic, wes);
    await round();
    expect(await follow('kept', 1, 'evidence/demo/releases/1.0/1.json')).toBe(3);
    expect(await follow('fresh', 1, 'evidence/demo/releases/1.0/1.json')).toBe(3);
  });

  test('changes its holders by the threshold of the old ones and of the new ones', async () => {
    accept(write(), uma, vic);
    await round();
    const bytes = write({ holders: [wes.key, xia.key], threshold: 2 });
    const before = scene.picture();
    expect(await refusalOf(() => accept(bytes, wes, xia))).toBe('root.too-few');
    expect(await refusalOf(() => accept(bytes, uma, wes))).toBe('root.too-few');
    expect(scene.picture()).toEqual(before);
    accept(bytes, uma, wes, xia);
    await round();
    expect(await follow('fresh', 1)).toBe(2);
  });
});

describe('a root is refused, and nothing changes,', () => {
  const refused = async (work: () => unknown, code: string): Promise<void> => {
    const before = scene.picture();
    expect(await refusalOf(work)).toBe(code);
    expect(scene.picture()).toEqual(before);
  };

  test('below its threshold, however often one holder signed', async () => {
    const bytes = write();
    await refused(() => accept(bytes, uma), 'root.too-few');
    await refused(() => accept(bytes, uma, uma), 'root.too-few');
    await refused(() => accept(bytes, uma, xia), 'root.too-few');
  });

  test('when it skips a version or is an old one', async () => {
    const first = write();
    accept(first, uma, vic);
    await refused(() => accept(first, uma, vic), 'root.not-next');
    const { facts } = readRoot(write(), hashing);
    const skipping = Buffer.from(renderRoot({ facts: { ...facts, version: 3 }, signatures: [] }, hashing));
    await refused(() => accept(skipping, uma, vic), 'root.not-next');
  });

  test('for another index, as a development root, soon to end, or with keys that are not here', async () => {
    accept(write(), uma, vic);
    const { facts } = readRoot(write(), hashing);
    const with_ = (change: Partial<RootFacts>): Uint8Array =>
      Buffer.from(renderRoot({ facts: { ...facts, ...change }, signatures: [] }, hashing));
    await refused(() => accept(with_({ index: 'evil.example.org' as never }), uma, vic), 'root.other-index');
    await refused(() => accept(with_({ stage: 'development' }), uma, vic), 'root.not-offline');
    await refused(() => accept(with_({ expires: '2026-11-30T00:00:00Z' as never }), uma, vic), 'root.too-short');
    const roles = { ...facts.roles, snapshot: { keys: [xia.key], threshold: 1 } };
    await refused(() => accept(with_({ roles }), uma, vic), 'root.not-ours');
  });

  test('when the copies are not of one document, or are no root at all', async () => {
    const [one, other] = [write(), write({ threshold: 1 })];
    const copies = [one, other].map((bytes, at) => ({ file: `${at}`, bytes: signBy(uma, bytes) }));
    await refused(() => mergeCopies(copies), 'root.copies-differ');
    const respelled = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(one).toString())));
    await refused(() => mergeCopies([{ file: 'x', bytes: respelled }]), 'input.not-json');
    await refused(() => write({ threshold: 4 }), 'input.not-a');
    await refused(() => write({ holders: [uma.key, uma.key] }), 'input.not-a');
  });
});

test('the development root is renewed by itself before it ends; one that people hold is not', async () => {
  await round();
  scene.now += 200 * day;
  await round();
  expect(await follow('fresh', 1)).toBe(2);
  accept(write(), uma, vic);
  await round();
  scene.now += 200 * day;
  await round();
  expect(await follow('fresh', 1)).toBe(3);
});

test('a clock that ran far ahead is forgiven by a root with another timestamp key, and by nothing else', async () => {
  accept(write(), uma, vic);
  await round();
  const right = scene.now;
  scene.now += 400 * day;
  await round();
  scene.now = right;
  expect(await refusalOf(() => round())).toBe('countersigner.clock');
  accept(write({ holders: [], threshold: null, renew: ['targets'] }), uma, vic);
  expect(await refusalOf(() => round())).toBe('countersigner.clock');
  accept(write({ holders: [], threshold: null, renew: ['snapshot', 'timestamp'] }), uma, vic);
  await round();
  expect(await follow('fresh', 1)).toBe(3);
});
