// Whoever holds the web program, or one stolen key, begins a "new chain" to get past the threshold (docs/decisions/024).
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderInstant } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { acceptChain } from '../../countersigner/accept-chain.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  demo,
  eve,
  nextPolicy,
  noon,
  openScene,
  policyBytes,
  refusedRound,
  sign,
  type Scene,
  type Signer,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** A policy that begins anew with `owner` alone and one signature a release; the others are retired. */
function beginAnew(owner: Signer) {
  const gone = [ada, bo, chi].filter((person) => person !== owner);
  const retired = gone.map(({ name, key }) => ({ name, keys: [key], since: renderInstant(noon) }));
  const people = [{ name: owner.name, role: 'owner' as const, keys: [owner.key] }];
  return nextPolicy(scene, { previous: null, threshold: 1, ownerThreshold: 1, people, retired });
}

/** The operator says yes to this document. */
const confirm = (policy: Policy): void =>
  acceptChain((place) => path.join(scene.folder, place), {
    ...{ project: demo, now: noon },
    sha256: sha256Hex(policyBytes(policy)),
  });

async function begun(): Promise<void> {
  addPolicy(scene);
  await scene.round();
}

test('a chain that one owner begins alone is not taken, whatever the web program says of lost keys', async () => {
  await begun();
  addPolicy(scene, beginAnew(ada), [ada]);
  addDraft(scene, [ada]);
  expect(await refusedRound(scene)).toBe('evidence.new-chain');
});

test('nor one of somebody whom no policy ever named', async () => {
  await begun();
  addPolicy(scene, beginAnew(eve), [eve]);
  addDraft(scene, [eve]);
  expect(await refusedRound(scene)).toBe('evidence.new-chain');
});

test('the operator’s yes is for one document: another with the same number is refused', async () => {
  await begun();
  confirm(beginAnew(bo));
  addPolicy(scene, beginAnew(ada), [ada]);
  addDraft(scene, [ada]);
  expect(await refusedRound(scene)).toBe('evidence.new-chain');
});

test('the operator’s yes does not stand for a founder’s signature', async () => {
  await begun();
  const anew = beginAnew(ada);
  confirm(anew);
  addPolicy(scene, anew, [eve]);
  addDraft(scene, [ada]);
  expect(await refusedRound(scene)).toBe('evidence.policy-not-signed');
});

test('a confirmed chain that forgets who was retired is refused', async () => {
  await begun();
  const anew = { ...beginAnew(ada), retired: [] };
  confirm(anew);
  addPolicy(scene, anew, [ada]);
  addDraft(scene, [ada]);
  expect(await refusedRound(scene)).toBe('policy.breaks-chain');
});

test('a new chain that was confirmed and signed is taken', async () => {
  await begun();
  const anew = beginAnew(ada);
  confirm(anew);
  addPolicy(scene, anew, [ada]);
  const draft = addDraft(scene, []);
  draft.packets.push(sign(ada, draft.statement));
  expect((await scene.round()).published).toEqual(['demo 1.0']);
});
