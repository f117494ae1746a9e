// The web program follows the index key along the chain of its changes and no other way, whether its operator's file holds the old certificate (two
// machines) or already the new one (one machine), and wherever jobs is killed in between.
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashing } from '#lib/digest/hashing.ts';
import { packHandback, renderManifest } from '#lib/evidence/handback.ts';
import { acceptResults } from '#lib/server/handoff/accept-results.ts';
import { loadIndexKeys } from '#lib/server/handoff/index-key.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { fileSigner, type IndexSigner } from '../../countersigner/index-signer.ts';
import { readInstanceState } from '../../countersigner/instance-state.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { rotateIndexKey } from '../../countersigner/rotate.ts';
import { openStore, type Store } from '../../countersigner/store.ts';
import { addDraftRows, addProject, draftId, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { refusalOf } from '../support/pgp.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, index } from '../support/scene.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let store: Store;

const now = (): number => world.clock.now().getTime();

/** One round, and what it posted in place. */
const work = async (): Promise<void> => {
  await countersigner.round();
  await placeHandbacks();
};
const rotate = async (): Promise<void> => {
  world.advance(60_000);
  await rotateIndexKey(store, 'file', now());
};
const states = async () => (await world.db.handback.findMany({ orderBy: { id: 'asc' } })).map((row) => row.state);
const keysNow = async () => (await loadIndexKeys()).inPlace.map((key) => key.facts.primary);

/** A hand-back that follows what the web program holds, brings these paths, and is signed by this key. */
async function forge(by: IndexSigner, files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const instance = readInstanceState(store);
  if (!instance) throw new Error('no state');
  const manifest = Buffer.from(
    renderManifest({
      ...{
        type: 'countersign/handback',
        format: 1,
        index,
        sequence: instance.sequence + 1,
        previous: instance.manifest,
      },
      files: [...files].map(([place, bytes]) => ({ path: place, sha256: hashing.sha256(bytes) })),
      date: '2026-11-22T12:30:00Z' as never,
    }),
  );
  return packHandback(manifest, await by.sign(manifest, now()), files);
}

describe.each([
  ['on the machine of the countersigner', false],
  ['on a machine of its own, with a copy of the first certificate', true],
])('a web program %s', (_, isApart) => {
  beforeEach(async () => {
    const apart = { INDEX_KEY_FILE: path.join(import.meta.dirname, 'placeholder') };
    world = await openTestRuntime({ at: '2026-11-22T12:00:00Z', ...(isApart && { environment: apart }) });
    countersigner = await startCountersigner();
    store = openStore(path.join(world.config.dataFolder, 'countersigner'));
    if (isApart) {
      world.config.indexKeyFile = path.join(world.config.dataFolder, 'copied.asc');
      copyFileSync(store.at('index.asc'), world.config.indexKeyFile);
    }
    await addProject();
    await addDraftRows([ada, bo]);
    await work();
  });
  afterEach(async () => {
    await countersigner.close();
    await world.close();
  });

  test('takes what the new key signs, once the change is in place', async () => {
    expect((await world.db.draft.findUniqueOrThrow({ where: { id: draftId } })).state).toBe('published');
    const before = await states();
    const [old] = await keysNow();
    await rotate();
    await work();
    expect((await states()).length).toBeGreaterThan(before.length + 1);
    expect(new Set(await states())).toEqual(new Set(['placed']));
    const { key } = await openKeys(store, now());
    expect(await keysNow()).toEqual([old, key.fingerprint]);
    await rotate();
    await work();
    expect(new Set(await states())).toEqual(new Set(['placed']));
    expect(await keysNow()).toHaveLength(3);
    expect(await world.db.historyEntry.count({ where: { kind: 'handback.refused' } })).toBe(0);
  });

  test('takes everything that was posted before any of it was placed', async () => {
    await rotate();
    await countersigner.round();
    expect((await states()).filter((state) => state === 'posted').length).toBeGreaterThan(1);
    await placeHandbacks();
    expect(new Set(await states())).toEqual(new Set(['placed']));
  });

  test('places the change in the end, wherever jobs is killed', async () => {
    await rotate();
    await countersigner.round();
    for (const point of ['place.staged', 'place.files', 'place.moved']) {
      world.hold = async (reached) => {
        if (reached === point) throw new Error('killed');
      };
      await expect(placeHandbacks()).rejects.toThrow('killed');
      delete world.hold;
    }
    await placeHandbacks();
    expect(new Set(await states())).toEqual(new Set(['placed']));
  });

  test('refuses what the old key signs afterwards, and a change that the key in force has not signed', async () => {
    const { key: old } = await openKeys(store, now());
    await rotate();
    await work();
    const page = new Map([['simple/index.html', Buffer.from('<!doctype html>')]]);
    const byOld = await forge(old, page);
    await expectRefusal(() => acceptResults(byOld), 'handback.not-signed', 'handback.refused');
    const made = await generateIndexKey('Index of somebody', now());
    const stranger = await fileSigner(Buffer.from(made.privateArmored), now());
    const byStranger = await forge(stranger, page);
    await expectRefusal(() => acceptResults(byStranger), 'handback.not-signed', 'handback.refused');
    // The old key vouches for a stranger: it is not in force any more, so its word is none.
    const document = readFileSync(store.at('tree/keys/index/1.json'), 'utf8').replaceAll('"number": 1', '"number": 2');
    const change = new Map([
      ['keys/index/2.json', Buffer.from(document)],
      ['keys/index/2.json.asc', await old.sign(Buffer.from(document), now())],
    ]);
    const byBoth = await forge(old, change);
    await expectRefusal(() => acceptResults(byBoth), 'index-key.not-both', 'handback.refused');
  });

  test('follows two changes of which none was placed yet', async () => {
    await rotate();
    await countersigner.round();
    await rotate();
    await countersigner.round();
    await placeHandbacks();
    expect(new Set(await states())).toEqual(new Set(['placed']));
    expect(await keysNow()).toHaveLength(3);
  });

  test('never places what the old key signed, although a row of it is in the database', async () => {
    const { key: old } = await openKeys(store, now());
    await rotate();
    await work();
    const bytes = await forge(old, new Map([['simple/index.html', Buffer.from('<!doctype html>')]]));
    const row = { id: '000000000099', sha256: hashing.sha256(bytes), bytes: new Uint8Array(bytes), state: 'posted' };
    await world.db.handback.create({ data: { ...row, postedAt: world.clock.now() } });
    expect(await refusalOf(() => placeHandbacks())).toBe('handback.not-signed');
    expect(readFileSync(path.join(world.config.dataFolder, 'index', 'simple/index.html'), 'utf8')).toContain('demo');
  });
});
