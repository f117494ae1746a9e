// A project that lost too many keys goes on as a new chain, and only so: proposed while it is stuck, signed by its founders, confirmed by the operator
// at the countersigner, in force with the hand-back, loud to whoever comes for the first time (docs/decisions/024). On real rows, over real HTTP.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProjectName, readSha256 } from '#lib/core/ids.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { beginNewChain } from '#lib/server/commands/begin-new-chain.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { acceptChain } from '../../countersigner/accept-chain.ts';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makePerson,
  makeProvenKey,
  makeWorld,
  signBytes,
  signDraft,
  visitor,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let countersigner: Countersigner;
beforeEach(async () => {
  runtime = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
});
afterEach(async () => {
  await countersigner.close();
  await runtime.close();
});

const round = async () => {
  const report = await countersigner.round();
  await placeHandbacks();
  return report;
};

/** Ada (owner) and Chi lose their keys, so nobody can change the 2-of-3 policy; Ada has proven another key. */
async function makeStuck(): Promise<World & { begin: () => Promise<{ version: number }> }> {
  const world = await makeWorld();
  const { ada, bo, project } = world;
  const { draft } = await makeDraft(ada, project, '1.0.0');
  await signDraft(ada, draft);
  await signDraft(bo, draft);
  await round();
  const key = await makeProvenKey(ada.actor);
  await markKeyLost(ada.actor, { fingerprint: ada.key.fingerprint });
  const begin = () => beginNewChain(ada.actor, { project, people: [ada.actor.name, bo.actor.name], threshold: 1 });
  return { ...world, ada: { ...ada, key }, begin };
}

const inForce = (project: string) =>
  runtime.db.policy.findFirstOrThrow({ where: { projectName: project, state: 'in-force' } });

async function sign(person: World['ada'], project: string, version: number) {
  const { bytes } = await policyBytes(person.actor, project, version);
  return addPolicySignature(person.actor, {
    ...{ project, version, way: 'upload' },
    signature: await signBytes(person.key, bytes),
  });
}

async function confirm(project: string, version: number): Promise<void> {
  const row = await runtime.db.policy.findFirstOrThrow({ where: { projectName: project, version } });
  const at = (place: string) => path.join(runtime.config.dataFolder, 'countersigner', place);
  acceptChain(at, {
    project: readProjectName(project),
    sha256: readSha256(row.sha256),
    now: runtime.clock.now().getTime(),
  });
}

describe('a new chain', () => {
  it('is refused while the policy in force can still be changed', async () => {
    const { ada, bo, project } = await makeWorld();
    const wish = { project, people: [ada.actor.name, bo.actor.name], threshold: 1 };
    await expectRefusal(() => beginNewChain(ada.actor, wish), 'policy.not-stuck');
  });

  it('is for the people of the policy in force alone, and whoever begins it is one of its owners', async () => {
    const { ada, bo, project } = await makeStuck();
    const zoe = await makePerson('zoe');
    const wish = { project, people: [ada.actor.name], threshold: 1 };
    await expectRefusal(() => beginNewChain(visitor, wish), 'person.sign-in-first');
    await expectRefusal(() => beginNewChain(zoe.actor, wish), 'person.may-not');
    await expectRefusal(() => beginNewChain(bo.actor, wish), 'chain.without-you');
    await expectRefusal(
      () => beginNewChain(ada.actor, { ...wish, people: [ada.actor.name, zoe.actor.name] }),
      'policy.not-a-person-of',
    );
  });

  it('signed by its founders waits for the operator, and until then nothing of the project changes', async () => {
    const { ada, bo, chi, project, begin } = await makeStuck();
    const before = await inForce(project);
    const { version } = await begin();
    const signed = await sign(ada, project, version);
    expect(signed).toMatchObject({ inForce: false, missing: 0 });
    const { refused } = await round();
    expect(refused).toMatchObject([{ project, code: 'evidence.new-chain' }]);
    expect(await inForce(project)).toEqual(before);
    expect((await projectPage(chi.actor, project)).role).toBe('maintainer');
    expect(existsSync(path.join(indexFolder(), 'evidence', project, 'policy', `${version}.json`))).toBe(false);
    const told = await runtime.db.mail.findMany({ where: { event: 'chain.waits' }, orderBy: { toAddress: 'asc' } });
    expect(told.map((mail) => mail.toAddress)).toEqual([ada.address, bo.address, chi.address]);
  });

  it('comes into force with the hand-back once the operator confirmed it, and the project publishes again', async () => {
    const { ada, bo, chi, project, begin } = await makeStuck();
    const { version } = await begin();
    await sign(ada, project, version);
    await round();
    await confirm(project, version);
    expect((await round()).policies).toEqual([project]);
    expect(await inForce(project)).toMatchObject({ version, threshold: 1 });
    expect((await projectPage(chi.actor, project)).role).toBe('none');
    const document = JSON.parse(
      readFileSync(path.join(indexFolder(), 'evidence', project, 'policy', `${version}.json`), 'utf8'),
    ) as object;
    expect(document).toMatchObject({ previous: null, people: [{ role: 'owner' }, { name: bo.actor.name }] });
    const kinds = await runtime.db.historyEntry.findMany({ where: { projectName: project, kind: 'chain.begun' } });
    expect(kinds).toHaveLength(1);
    const { draft } = await makeDraft(ada, project, '2.0.0');
    await signDraft(ada, draft);
    expect((await round()).published).toEqual([`${project} 2.0.0`]);
    expect((await draftPage(ada.actor, draft)).state).toBe('published');
  });

  it('is not confirmed by the digest of another document', async () => {
    const { ada, project, begin } = await makeStuck();
    const { version } = await begin();
    await sign(ada, project, version);
    const at = (place: string) => path.join(runtime.config.dataFolder, 'countersigner', place);
    acceptChain(at, {
      project: readProjectName(project),
      sha256: readSha256('0'.repeat(64)),
      now: runtime.clock.now().getTime(),
    });
    expect((await round()).refused).toMatchObject([{ code: 'evidence.new-chain' }]);
    expect((await inForce(project)).version).toBe(version - 1);
  });

  it('may be withdrawn by anyone of the people in force, owner or not', async () => {
    const { ada, chi, project, begin } = await makeStuck();
    const { version } = await begin();
    await sign(ada, project, version);
    await withdrawPolicy(chi.actor, { project, version });
    await confirm(project, version);
    expect((await round()).policies).toEqual([]);
    expect((await inForce(project)).version).toBe(version - 1);
  });

  it('that the countersigner took before it was withdrawn is in force all the same: both go by one chain', async () => {
    const { ada, bo, project, begin } = await makeStuck();
    const { version } = await begin();
    await sign(ada, project, version);
    await confirm(project, version);
    await countersigner.round();
    await withdrawPolicy(bo.actor, { project, version });
    await placeHandbacks();
    expect((await inForce(project)).version).toBe(version);
  });
});
