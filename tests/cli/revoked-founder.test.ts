// The key of somebody who signed policies is revoked as compromised. What was in force stays in force for the index; a client cannot know by itself that it was
// so before the key was stolen, so a person acknowledges it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyCommand } from '#cli/commands/verify.ts';
import { answering, type Client } from '../support/client.ts';
import { serveScene, type ServedScene } from '../support/served-scene.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  minute,
  nextPolicy,
  openScene,
  revoke,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
let served: ServedScene;
let client: Client;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [bo, chi]);
  await scene.round();
  served = await serveScene(scene);
  client = served.meet();
});
afterEach(async () => {
  client.close();
  await served.stop();
});

async function revokeFounder(): Promise<void> {
  scene.now += minute;
  revoke(scene, ada);
  await served.goOn(client);
}

const given = () => served.given;
const verify = (more: object = {}, ask: Client['ask'] = null) =>
  verifyCommand({ what: ['demo==1.0'], index: served.index.base, ...more }, { ...client, ask });

test('at first contact the chain is followed as it was, and whoever compares fingerprints is told', async () => {
  await revokeFounder();
  const said = await verify({ indexKey: served.indexKey });
  expect([said.exit, client.picture()]).toEqual([4, {}]);
  expect(said.err).toContain('A key that signed one of these policies was revoked as compromised afterwards');
  expect(await verify(given())).toMatchObject({ exit: 0, err: '' });
});

test('rules that are new since the pin need a yes, and nothing moves without one', async () => {
  expect(await verify(given())).toMatchObject({ exit: 0 });
  addPolicy(scene, nextPolicy(scene, { threshold: 3 }), [ada]);
  await served.goOn(client);
  await revokeFounder();
  const before = client.picture();
  const said = await verify();
  expect([said.exit, said.err]).toEqual([4, expect.stringContaining('(trust.revoked-signer)')]);
  expect(client.picture()).toEqual(before);
  expect(await verify({}, answering(false).ask)).toMatchObject({ exit: 1 });
  expect(client.picture()).toEqual(before);
  const yes = answering(true);
  expect(await verify({}, yes.ask)).toMatchObject({ exit: 0 });
  expect(yes.asked[0]?.shows.join('\n')).toContain(`signed by ada (${ada.key})`);
  expect(await verify()).toMatchObject({ exit: 0 });
});

test('rules that were pinned before need none', async () => {
  expect(await verify(given())).toMatchObject({ exit: 0 });
  await revokeFounder();
  expect(await verify()).toMatchObject({ exit: 0, err: '' });
});
