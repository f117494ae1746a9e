// The countersigner's folder is put back to before a quarantine, or the web program goes back to the policies of before it: nobody gets the
// release into the index again that way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyFolder } from '../support/copy-folder.ts';
import { fruitlessRound, openPublished, putInForce, withoutBo, type Quarantined } from '../support/quarantined.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, demo } from '../support/scene.ts';

let held: Quarantined;
beforeEach(async () => {
  held = await openPublished();
});
afterEach(() => held.scene.close());

test('a state from before the quarantine is refused, and signs nothing', async () => {
  const { scene } = held;
  const backup = mkdtempSync(path.join(tmpdir(), 'backup-'));
  copyFolder(scene.folder, backup);
  putInForce(scene, withoutBo(), [ada]);
  await scene.round();
  rmSync(scene.folder, { recursive: true });
  copyFolder(backup, scene.folder);
  const before = scene.picture();
  expect(await refusalOf(() => scene.round())).toBe('countersigner.went-back');
  expect(scene.picture()).toEqual(before);
  rmSync(backup, { recursive: true });
});

test('policies from before the strike are refused, and the release stays quarantined', async () => {
  const { scene, draft } = held;
  putInForce(scene, withoutBo(), [ada]);
  await scene.round();
  scene.policies.set(demo, (scene.policies.get(demo) ?? []).slice(0, 1));
  draft.approved = true;
  const report = await fruitlessRound(scene);
  expect(report.findings).toMatchObject([{ code: 'evidence.policy-went-back' }]);
});
