// The whole of a policy change through the commands: removal, roles and keys as rows and drafts feel them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject } from '#lib/server/commands/create-project.ts';
import { expirePolicies } from '#lib/server/commands/expire-policies.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { policyHistory } from '#lib/server/queries/policy-history.ts';
import { policyPage } from '#lib/server/queries/policy-page.ts';
import { policyPreview } from '#lib/server/queries/policy-preview.ts';
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

describe('before it is proposed', () => {
  it('a change shows what it changes, whom it needs and what it does, and nothing is written', async () => {
    const { ada, bo, chi, project } = await makeWorld('-preview');
    const { draft } = await makeDraft(ada, project);
    await signDraft(ada, draft);
    await signDraft(chi, draft);
    const rows = async () => [await runtime.db.policy.count(), await runtime.db.historyEntry.count()];
    const before = await rows();
    const remove = [{ name: chi.actor.name, how: 'retire' as const }];
    const preview = await policyPreview(ada.actor, { project, threshold: 1, remove });
    expect(await rows()).toEqual(before);
    expect(preview).toMatchObject({
      version: 3,
      changes: [
        {
          what: 'A release',
          before: 'needs the signatures of 2 of 3 people.',
          after: 'needs the signatures of 1 of 2 people.',
        },
        { what: chi.actor.name, after: 'is retired: what they signed keeps counting.' },
      ],
      weakenings: ['A release would need fewer people.'],
      counts: 'Owners 0 of 1; it weakens the rules, so 2 more of 2 people must sign.',
      consequences: {
        drafts: [
          { draft, says: `has 2 of 2 signatures; it would have 1 of 1 without the signature of ${chi.actor.name}.` },
        ],
        people: [
          `${chi.actor.name} leaves and can no longer sign.`,
          '2 people could sign, 1 more than a release needs.',
        ],
      },
    });
    for (const other of [bo, await makePerson('zoe-preview')])
      await expectRefusal(() => policyPreview(other.actor, { project, threshold: 1 }), 'person.may-not');
  });

  it('is refused with the sentence of the proposal', async () => {
    const { ada, project } = await makeWorld('-previews');
    const wishes = [
      [{}, 'policy.changes-nothing'],
      [{ threshold: 0 }, 'input.not-a'],
      [{ ownerThreshold: 2 }, 'policy.too-few-owners'],
      [{ dropKeys: ['A'.repeat(40)] }, 'policy.not-a-key-of'],
    ] as const;
    for (const [wish, code] of wishes)
      for (const ask of [policyPreview, proposePolicy])
        await expectRefusal(
          () => ask(ada.actor, { ...wish, dropKeys: [...('dropKeys' in wish ? wish.dropKeys : [])], project }),
          code,
        );
  });
});

describe('a proposal that ends', () => {
  it('expires at its deadline, tells its people, and the next change can be proposed', async () => {
    const { ada, bo, project } = await makeWorld('-late-signed');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    await signPolicy(project, version, ada);
    const { deadline } = await policyPage(ada.actor, project);
    runtime.setTime(new Date((deadline?.getTime() ?? 0) - 1).toISOString());
    expect(await expirePolicies()).toEqual({ expired: 0 });
    runtime.advance(1);
    const runs = await Promise.all([expirePolicies(), expirePolicies()]);
    expect(runs.map(({ expired }) => expired).sort()).toEqual([0, 1]);
    const rows = await runtime.db.policy.findMany({ where: { projectName: project, version } });
    expect(rows).toMatchObject([{ state: 'expired', openSlot: null }]);
    const entries = await runtime.db.historyEntry.findMany({ where: { projectName: project, kind: 'policy.expired' } });
    expect(entries).toMatchObject([{ actor: '(jobs)', details: { version, signedBy: [ada.actor.name] } }]);
    const mails = await runtime.db.mail.findMany({ where: { event: 'policy.expired', toPerson: bo.actor.name } });
    expect(mails).toHaveLength(1);
    await expectRefusal(() => signPolicy(project, version, bo), 'policy.not-found');
    expect((await proposePolicy(ada.actor, { project, threshold: 1 })).version).toBe(version);
  });

  it('is withdrawn with a mail to everybody whom it asked; the first policy never ends so', async () => {
    const { ada, bo, chi, project } = await makeWorld('-withdrawn');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    await withdrawPolicy(ada.actor, { project, version });
    const where = { event: 'policy.withdrawn', subject: { contains: project } };
    const mails = await runtime.db.mail.findMany({ where, orderBy: { toPerson: 'asc' } });
    expect(mails.map((mail) => mail.toPerson)).toEqual([ada, bo, chi].map(({ actor }) => actor.name));
    const founder = await makePerson('dee-first');
    await createProject(founder.actor, { name: 'first-stays', threshold: 1, key: founder.key.fingerprint });
    runtime.advance(400 * 86_400_000);
    await expirePolicies();
    expect((await policyPage(founder.actor, 'first-stays')).state).toBe('open');
    await expectRefusal(
      () => withdrawPolicy(founder.actor, { project: 'first-stays', version: 1 }),
      'policy.first-stays',
    );
  });
});

describe('the open proposal', () => {
  it('tells its people every count and what it does, others only what they may know', async () => {
    const { ada, bo, project } = await makeWorld('-told');
    const { draft } = await makeDraft(ada, project);
    await signDraft(ada, draft);
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    await signPolicy(project, version, ada);
    const page = await policyPage(bo.actor, project);
    expect(page.counts).toBe('Owners 1 of 1; it weakens the rules, so 1 more of 2 people must sign.');
    expect(page.consequences?.drafts).toMatchObject([
      { draft, says: 'has 1 of 2 signatures; it would have 1 of 1 and be complete at once.' },
    ]);
    expect(page.warnings).toContain('One signature is enough: a single stolen key can publish a release.');
    expect((await policyPage(visitor, project)).consequences).toBeNull();
  });

  it('that strikes names the releases that fall, and who could sign them again', async () => {
    const { ada, bo, chi, project } = await makeWorld('-falls');
    const { draft } = await makeDraft(ada, project);
    await signDraft(ada, draft);
    await signDraft(chi, draft);
    const published = { state: 'published', publishedAt: runtime.clock.now(), recordSerial: 1, recordPolicy: 2 };
    await runtime.db.draft.update({ where: { id: draft }, data: published });
    const [strike] = [{ name: chi.actor.name, how: 'strike' as const, since: null, reason: 'rogue' }];
    await proposePolicy(ada.actor, { project, remove: [strike] });
    expect((await policyPage(bo.actor, project)).consequences?.releases).toEqual([
      {
        ...{ draft, version: '1.2.0', isLoss: true },
        says: `would lose the signature of ${chi.actor.name} and have 1 of 2: quarantined, out of the simple pages, its files kept; ${bo.actor.name} could sign it again.`,
      },
    ]);
  });
});

describe('the history of the rules', () => {
  it('names for every version who signed it with which key, what it changed and where its file is', async () => {
    const { ada, bo, project } = await makeWorld('-history');
    await changePolicy(ada, { project, threshold: 1 }, ada, bo);
    const { versions } = await policyHistory(visitor, project);
    expect(versions.map(({ version, isInForce, follows }) => [version, isInForce, follows])).toEqual([
      [3, true, true],
      [2, false, true],
      [1, false, false],
    ]);
    expect(versions[0]).toMatchObject({
      signedBy: [ada, bo].map(({ actor, key }) => ({ name: actor.name, key: key.fingerprint })),
      counts: 'Owners 1 of 1; it weakens the rules, and 2 of 2 people have signed.',
      changes: [{ what: 'A release' }],
      path: `/evidence/${project}/policy/3.json`,
    });
    await proposePolicy(ada.actor, { project, threshold: 2 });
    expect((await policyHistory(ada.actor, project)).versions).toHaveLength(3);
    await expectRefusal(() => policyHistory(visitor, 'no-such-project'), 'project.not-found');
  });
});
