// The whole of a policy change through the commands: removal, roles and keys as rows and drafts feel them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { changePolicy, makeDraft, makePerson, makeWorld, signDraft, signPolicy, visitor } from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

describe('removing a person', () => {
  it('by retiring ends their rights at once, and an open draft loses their signature', async () => {
    const { ada, bo, chi, project } = await makeWorld('-retire');
    const { draft } = await makeDraft(ada, project);
    await signDraft(ada, draft);
    await signDraft(chi, draft);
    expect((await draftPage(ada.actor, draft)).state).toBe('approved');
    await changePolicy(ada, { project, remove: [{ name: chi.actor.name, how: 'retire' }] }, ada);
    const page = await draftPage(ada.actor, draft);
    expect([page.state, page.verdict.counted]).toEqual(['draft', [ada.actor.name]]);
    expect((await projectPage(chi.actor, project)).role).toBe('none');
    await expectRefusal(() => signDraft(chi, draft), 'draft.not-found');
    await signDraft(bo, draft);
    expect((await draftPage(ada.actor, draft)).state).toBe('approved');
  });

  it('by striking says so in the document, with reason and moment', async () => {
    const { ada, chi, project } = await makeWorld('-strike');
    const since = '2026-11-01T00:00:00Z';
    const strike = { name: chi.actor.name, how: 'strike', since, reason: 'account compromised' } as const;
    await changePolicy(ada, { project, remove: [strike] }, ada);
    const row = await runtime.db.policy.findFirstOrThrow({ where: { projectName: project, state: 'in-force' } });
    const struck = [{ name: chi.actor.name, keys: [chi.key.fingerprint], since, reason: strike.reason }];
    expect(JSON.parse(new TextDecoder().decode(row.bytes))).toMatchObject({ struck });
  });

  it('strikes somebody who retired long ago, and nobody who was never in', async () => {
    const { ada, chi, project } = await makeWorld('-late');
    const name = chi.actor.name;
    await changePolicy(ada, { project, remove: [{ name, how: 'retire' }] }, ada);
    const strike = { how: 'strike', since: null, reason: 'was rogue' } as const;
    await changePolicy(ada, { project, remove: [{ name, ...strike }] }, ada);
    const stranger = await makePerson('zoe-late');
    for (const wrong of [stranger.actor.name, 'nobody-at-all'])
      await expectRefusal(
        () => proposePolicy(ada.actor, { project, remove: [{ name: wrong, ...strike }] }),
        'policy.not-a-person-of',
      );
  });

  it('needs a moment and names that can be read', async () => {
    const { ada, chi, project } = await makeWorld('-read');
    const strike = { name: chi.actor.name, how: 'strike', reason: 'x' } as const;
    for (const wish of [
      { ...strike, since: '2026-11-01' },
      { ...strike, since: null, name: '<b>' },
      { ...strike, since: null, reason: 'x\u202e\n' },
    ])
      await expectRefusal(() => proposePolicy(ada.actor, { project, remove: [wish] }), 'input.not-a');
  });
});

describe('roles', () => {
  it('a second owner signs themselves in, and then the first may go', async () => {
    const { ada, bo, project } = await makeWorld('-roles');
    const roles = [{ name: bo.actor.name, role: 'owner' as const }];
    const leave = { project, remove: [{ name: ada.actor.name, how: 'retire' as const }] };
    await expectRefusal(() => proposePolicy(ada.actor, leave), 'policy.last-owner');
    await changePolicy(ada, { project, roles }, ada, bo);
    expect((await projectPage(bo.actor, project)).role).toBe('owner');
    const { version } = await proposePolicy(ada.actor, leave);
    await signPolicy(project, version, ada);
    expect((await projectPage(visitor, project)).policy?.version).toBe(version - 1);
    await signPolicy(project, version, bo);
    expect((await projectPage(visitor, project)).policy?.people.map(({ name }) => name)).not.toContain(ada.actor.name);
  });
});
