// A web program that has handed over a strike or a revocation tries to keep the release in the index: it hands over nothing more of it, or
// takes back what it said.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPageJson } from '#lib/simple/parse.ts';
import { forgeCertificate, overKey, sub } from '../support/forge.ts';
import {
  fruitlessRound,
  openPublished,
  putInForce,
  signAgain,
  withoutBo,
  type Quarantined,
} from '../support/quarantined.ts';
import { ada, bo, minute } from '../support/scene.ts';

let held: Quarantined;
beforeEach(async () => {
  held = await openPublished();
});
afterEach(() => held.scene.close());

const offered = async (): Promise<number> =>
  readPageJson((await held.scene.tree()).get('simple/demo/index.json') ?? Buffer.alloc(0)).files.length;

test('a release is quarantined though neither its signatures nor its files are handed over any more', async () => {
  const { scene } = held;
  const withheld = async (): Promise<never> => Promise.reject(new Error('withheld'));
  scene.web = { ...scene.web, draftBundle: withheld, fetchFile: withheld };
  scene.drafts.clear();
  putInForce(scene, withoutBo(), [ada]);
  expect((await scene.round()).quarantined).toEqual(['demo 1.0']);
  expect(await offered()).toBe(0);
});

test('a release that fell by a revocation stays out though the certificate without it is handed over again', async () => {
  const { scene, draft } = held;
  const clean = scene.certificates.get(bo.key) ?? Buffer.alloc(0);
  const packet = overKey(bo.forged, bo.forged, { type: 0x20, made: scene.now - minute, more: [sub.reason(2)] });
  scene.certificates.set(bo.key, forgeCertificate(bo.forged, { direct: [packet] }));
  expect((await scene.round()).quarantined).toEqual(['demo 1.0']);
  scene.certificates.set(bo.key, clean);
  draft.approved = true;
  signAgain(held, bo);
  expect((await fruitlessRound(scene)).quarantined).toEqual([]);
  expect(await offered()).toBe(0);
});

test('a revocation counts though a policy beside it is refused', async () => {
  const { scene } = held;
  const packet = overKey(bo.forged, bo.forged, { type: 0x20, made: scene.now - minute, more: [sub.reason(2)] });
  scene.certificates.set(bo.key, forgeCertificate(bo.forged, { direct: [packet] }));
  putInForce(scene, { threshold: 1 }, []);
  expect(await scene.round()).toMatchObject({ quarantined: ['demo 1.0'], refused: [{ project: 'demo' }] });
});
