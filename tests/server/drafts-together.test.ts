// Several drafts on one page, to be signed together: each judged as on its own page, and foreign ones told from none.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limits } from '#lib/server/limits.ts';
import { draftsTogether } from '#lib/server/queries/drafts-together.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeProject, makeWorld, signDraft, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
const drafts: string[] = [];

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-together');
  for (const version of ['1.0.0', '1.1.0', '1.2.0'])
    drafts.push((await makeDraft(world.ada, world.project, version)).draft);
  await signDraft(world.bo, drafts[1] ?? '');
});
afterAll(() => runtime.close());

it('are those that the reader can sign, in the order in which they were chosen, and the others with the reason', async () => {
  const [first, second, third] = drafts;
  const chosen = [third, second, first, third].map((id) => id ?? '');
  const { open, closed, missing, leftOut } = await draftsTogether(world.bo.actor, chosen);
  expect(open.map(({ id }) => id)).toEqual([third, first]);
  expect(open[0]?.panel?.keys).toMatchObject([{ fingerprint: world.bo.key.fingerprint }]);
  expect(closed).toMatchObject([{ draft: { id: second }, why: 'You signed this revision.' }]);
  expect({ missing, leftOut }).toEqual({ missing: 0, leftOut: 0 });
});

it('tell a foreign draft from none by nothing', async () => {
  const eve = await makePerson('eve-together');
  await makeProject(eve, 'elsewhere-together');
  const nothing = { open: [], closed: [], leftOut: 0 };
  expect(await draftsTogether(eve.actor, drafts)).toMatchObject({ ...nothing, missing: 3 });
  expect(await draftsTogether(eve.actor, ['000000000000', '../..', ''])).toMatchObject({ ...nothing, missing: 3 });
});

it('are at most as many as go onto one page, and the rest is said to be left out', async () => {
  const many = [drafts[0] ?? '', ...Array.from({ length: limits.draftsAtOnceMax + 4 }, (_, at) => `no-draft-${at}`)];
  const { open, missing, leftOut } = await draftsTogether(world.bo.actor, many);
  expect([open.length, missing, leftOut]).toEqual([1, limits.draftsAtOnceMax - 1, 5]);
});

it('are shown to nobody who is not signed in', async () => {
  await expectRefusal(() => draftsTogether(visitor, drafts), 'person.sign-in-first');
});
