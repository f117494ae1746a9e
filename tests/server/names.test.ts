// One project for all spellings of its name, one release for all versions that PEP 440 calls equal, and no local version: as tables, at each place
// where a name or a version comes in.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProject } from '#lib/server/commands/create-project.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { policyPage } from '#lib/server/queries/policy-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeProject, makeWheel, makeWorld, storeUpload, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const create = (name: string) => createProject(world.ada.actor, { name, threshold: 1, key: world.ada.key.fingerprint });
const open = async (project: string, fileOf: string, version: string) => {
  const uploads = [await storeUpload(makeWheel(fileOf, version))];
  return () => openDraft(world.ada.actor, { project, uploads, signatures: [] });
};

describe('a name', () => {
  test.each(['Night-Sky', 'night_sky', 'night.sky', 'NIGHT--SKY', 'night-_.sky'])(
    'spelled %s is the project night-sky: taken, found, and none other',
    async (spelled) => {
      if (!(await runtime.db.project.findUnique({ where: { name: 'night-sky' } })))
        await makeProject(world.ada, 'night-sky');
      await expectRefusal(() => create(spelled), 'project.name-taken');
      expect((await projectPage(visitor, spelled)).name).toBe('night-sky');
      expect((await policyPage(visitor, spelled)).project).toBe('night-sky');
      expect(await runtime.db.project.count({ where: { name: { contains: 'night' } } })).toBe(1);
    },
  );

  test.each(['', '-x', 'x-', 'a b', 'a/b', 'nаme', 'x'.repeat(101)])('%j is no name of a project', async (name) => {
    await expectRefusal(() => create(name), 'distribution.project-name');
  });

  test.each(['new', 'New', 'NEW'])('%s is the address of another page, and no project', async (name) => {
    await expectRefusal(() => create(name), 'project.name-reserved');
  });

  test('in another spelling is where a draft is opened; a name that is another one is not', async () => {
    expect((await (await open('SUNRISE', 'sunrise', '3.0'))()).project).toBe('sunrise');
    await expectRefusal(await open('Sun.Rise', 'sunrise', '3.1'), 'project.not-found');
  });
});

describe('a version', () => {
  test.each([
    ['5.0', '5'],
    ['5.4', '5.4.0.0'],
    ['5.1rc1', '5.1.0rc1'],
    ['5.2.post1', '5.2.0.post1'],
    ['5.3.dev0', '5.3.0.dev0'],
  ])('%s is open: %s is led to the same draft', async (first, second) => {
    const { draft } = await makeDraft(world.ada, world.project, first);
    const again = await open(world.project, world.project, second);
    await expectRefusal(again, 'draft.already-open', 'file.refused');
    await expect(again()).rejects.toMatchObject({ details: { path: `/drafts/${draft}` } });
  });

  test.each(['6', '6.0.0', '6.0.0.0'])('6.0 is published: %s is refused', async (second) => {
    const slot = { versionSlot: `${world.project}@6` };
    if (!(await runtime.db.draft.findUnique({ where: slot }))) {
      const { draft } = await makeDraft(world.ada, world.project, '6.0');
      const data = { state: 'published', publishedAt: runtime.clock.now() };
      await runtime.db.draft.update({ where: { id: draft }, data });
    }
    const again = await open(world.project, world.project, second);
    await expectRefusal(again, 'release.already-published', 'file.refused');
  });

  test.each(['7.0+local', '7.0+ubuntu.1', '7.0rc1+g1234'])('%s is local and refused', async (version) => {
    const upload = await open(world.project, world.project, version);
    await expectRefusal(upload, 'distribution.local-version', 'file.refused');
    const wish = { type: 'countersign/yank', version, action: 'yank', reason: 'x' } as const;
    const declare = () => prepareDeclaration(world.ada.actor, { project: world.project, wish });
    await expectRefusal(declare, 'distribution.local-version');
  });
});
