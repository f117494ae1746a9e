// The page of a published release: the same facts for everybody, from rows that the countersigner's hand-back wrote; a draft has none.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { releasePage } from '#lib/server/queries/release-page.ts';
import { addDraftRows, addProject, draftId, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { refusalOf } from '../support/pgp.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, sdistName, wheelName } from '../support/scene.ts';
import { personActor, visitor } from '../support/story.ts';

let world: TestRuntime;
let countersigner: Countersigner;
beforeAll(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
});
afterAll(async () => {
  await countersigner.close();
  await world.close();
});

test('there is no page of a release that is not published', async () => {
  expect(await refusalOf(() => releasePage(visitor, 'demo', '1.0'))).toBe('release.not-found');
  expect(await refusalOf(() => releasePage(personActor('ada'), 'demo', '1.0'))).toBe('release.not-found');
});

describe('the page of a published release', () => {
  beforeAll(async () => {
    await countersigner.round();
    await placeHandbacks();
  });

  test('says to everybody who signed what, and where the evidence is', async () => {
    const release = await releasePage(visitor, 'Demo', '1.0');
    expect(release).toMatchObject({ project: 'demo', version: '1.0', state: 'published', draft: null });
    expect(release.record).toMatchObject({ serial: 1, policy: 1, threshold: 2, signedBy: ['ada', 'bo'] });
    expect(release.files.map(({ name }) => name).sort()).toEqual([wheelName, sdistName].sort());
    expect(release.evidence).toEqual({
      ...{ bundle: '/projects/demo/releases/1.0/demo-1.0.evidence.zip', bundleName: 'demo-1.0.evidence.zip' },
      statement: '/evidence/demo/releases/1.0/SHA256SUMS',
      record: '/evidence/demo/releases/1.0/1.json',
    });
    expect(await world.db.logEntry.findFirst({ where: { index: release.logIndex ?? -1 } })).toMatchObject({
      path: 'evidence/demo/releases/1.0/1.json',
    });
  });

  test('leads its people to the draft, and nobody else', async () => {
    expect((await releasePage(personActor('ada'), 'demo', '1.0')).draft).toBe(draftId);
    expect((await releasePage(personActor('eve'), 'demo', '1.0')).draft).toBeNull();
  });

  test('is of one version alone', async () => {
    for (const version of ['1', '1.0.0', '9.9', '../1.0', ''])
      expect(await refusalOf(() => releasePage(visitor, 'demo', version)), version).toBe('release.not-found');
  });
});
