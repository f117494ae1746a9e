// A further key of somebody who is in the project already, here one that lives in a browser: it counts from the policy on that names it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeviceKey, signWithDevice, type DeviceKey } from '#lib/browser/device-key.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { keyPhrase } from '#lib/server/queries/account-keys.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { policyPage } from '#lib/server/queries/policy-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { changePolicy, makeDraft, makePerson, makeWorld, signDraft, type TestPerson } from '../support/story.ts';

let opened: TestRuntime;
beforeAll(async () => {
  opened = await openTestRuntime();
});
afterAll(() => opened.close());

const ago = (ms: number): number => runtime().clock.now().getTime() - ms;
const bytesOf = (armored: string): Uint8Array => new TextEncoder().encode(armored);

async function addDeviceKey(person: TestPerson): Promise<DeviceKey> {
  const { key, armored } = await makeDeviceKey(`${person.actor.name} (a browser)`, ago(3_600_000));
  await addKey(person.actor, { certificate: bytesOf(armored) });
  return key;
}

async function addProvenDeviceKey(person: TestPerson): Promise<DeviceKey> {
  const key = await addDeviceKey(person);
  const phrase = await keyPhrase(person.actor, key.fingerprint);
  const signature = bytesOf(await signWithDevice(key, phrase.bytes, ago(60_000)));
  await proveKey(person.actor, { fingerprint: key.fingerprint, signature, way: 'browser' });
  return key;
}

async function signByDevice(person: TestPerson, key: DeviceKey, draft: string) {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = bytesOf(await signWithDevice(key, bytes, ago(30_000)));
  return addSignature(person.actor, { draft, signature, way: 'browser' });
}

describe('a further key of one of the people', () => {
  it('counts once a policy names it, which people sign as they sign a release', async () => {
    const { ada, bo, project } = await makeWorld('-further');
    const key = await addProvenDeviceKey(bo);
    expect((await peoplePage(ada.actor, project)).newKeys).toMatchObject([
      { name: 'bo-further', ...fingerprintOf(key) },
    ]);
    const { version } = await proposePolicy(ada.actor, { project, addKeys: [key.fingerprint] });
    const page = await policyPage(ada.actor, project, version);
    expect(page.weakenings.map(({ kind }) => kind)).toEqual(['key-added']);
    expect(page.needs.map(({ why, required }) => [why, required])).toEqual([
      ['owners', 1],
      ['weakening', 2],
    ]);
  });

  it('signs a draft then, and adds nobody beside the first key of the same person', async () => {
    const { ada, bo, project } = await makeWorld('-device');
    const key = await addProvenDeviceKey(bo);
    const { draft } = await makeDraft(ada, project);
    expect((await signByDevice(bo, key, draft)).outcomes).toMatchObject([{ result: 'refused' }]);
    await changePolicy(ada, { project, addKeys: [key.fingerprint] }, ada, bo);
    expect(await signByDevice(bo, key, draft)).toMatchObject({ signed: 1, state: 'draft' });
    expect(await signDraft(bo, draft)).toMatchObject({ signed: 1, state: 'draft' });
    expect((await peoplePage(ada.actor, project)).newKeys).toEqual([]);
  });

  it('is shown and proposed by owners alone', async () => {
    const { bo, project } = await makeWorld('-mere');
    const key = await addProvenDeviceKey(bo);
    expect((await peoplePage(bo.actor, project)).newKeys).toEqual([]);
    await expectRefusal(() => proposePolicy(bo.actor, { project, addKeys: [key.fingerprint] }), 'person.may-not');
  });

  it('is not named before it is proven, nor for somebody outside the project, nor twice', async () => {
    const { ada, bo, project } = await makeWorld('-unfit');
    const eve = await makePerson('eve-unfit');
    const unproven = await addDeviceKey(bo);
    const propose = (key: string) => () => proposePolicy(ada.actor, { project, addKeys: [key] });
    await expectRefusal(propose(unproven.fingerprint), 'key.not-active');
    await expectRefusal(propose(eve.key.fingerprint), 'policy.key-of-nobody');
    await expectRefusal(propose('A'.repeat(40)), 'policy.key-of-nobody');
    await expectRefusal(propose(bo.key.fingerprint), 'policy.changes-nothing');
  });
});

const fingerprintOf = ({ fingerprint }: DeviceKey) => ({ fingerprint });
