// When a policy removes somebody, their part in the project ends with the next request: rights, drafts' signatures, invitations, mail. Their session
// and account stay as they are; what is asked is asked of the policy in force.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { confirmInvited } from '#lib/server/commands/confirm-invited.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { removePerson } from '#lib/server/commands/remove-person.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { home } from '#lib/server/queries/home.ts';
import { invitationPage } from '#lib/server/queries/invitation-page.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { policyBytes, policyPage } from '#lib/server/queries/policy-page.ts';
import { leavePreview, policyPreview } from '#lib/server/queries/policy-preview.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProject,
  makeWheel,
  makeWorld,
  readInvitationToken,
  signBytes,
  signDraft,
  signPolicy,
  storeUpload,
  type TestPerson,
} from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => (runtime = await openTestRuntime()));
afterAll(() => runtime.close());

const retire = ({ actor }: TestPerson) => ({ name: actor.name, how: 'retire' }) as const;
const strike = ({ actor }: TestPerson) =>
  ({ name: actor.name, how: 'strike', since: null, reason: 'went rogue' }) as const;
const hows = [
  ['retired', retire],
  ['struck', strike],
] as const;

const mailTo = (person: TestPerson, event: string) =>
  runtime.db.mail.findMany({ where: { toPerson: person.actor.name, event } });

describe.each(hows)('somebody who is %s', (word, how) => {
  it('loses their signature on open drafts at once: an approved one waits again', async () => {
    const { ada, bo, project } = await makeWorld(`-drafts-${word}`);
    const { draft } = await makeDraft(bo, project);
    await signDraft(ada, draft);
    await signDraft(bo, draft);
    expect((await draftPage(ada.actor, draft)).state).toBe('approved');
    await changePolicy(ada, { project, remove: [how(bo)] }, ada);
    const page = await draftPage(ada.actor, draft);
    expect([page.state, page.verdict.counted]).toEqual(['draft', [ada.actor.name]]);
    expect(page.verdict.couldStillSign).not.toContain(bo.actor.name);
  });

  it('finds every door of the project shut with the next request, in the session and tab they had open', async () => {
    const { ada, bo, project } = await makeWorld(`-doors-${word}`);
    const { draft } = await makeDraft(bo, project);
    const added = await signDraft(bo, draft);
    const { bytes } = await statementBytes(bo.actor, draft);
    const signature = await signBytes(bo.key, bytes);
    const mine = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
    expect(added.outcomes).toMatchObject([{ result: 'counted' }]);
    await changePolicy(ada, { project, remove: [how(bo)] }, ada);
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    const uploads = [await storeUpload(makeWheel(project, '9.0'))];
    const doors: [() => Promise<unknown>, Parameters<typeof expectRefusal>[1]][] = [
      [() => draftPage(bo.actor, draft), 'draft.not-found'],
      [() => statementBytes(bo.actor, draft), 'draft.not-found'],
      [() => addSignature(bo.actor, { draft, signature, way: 'upload' }), 'draft.not-found'],
      [() => takeBackSignature(bo.actor, { draft, signature: mine.id }), 'draft.not-found'],
      [() => withdrawDraft(bo.actor, { draft, reason: 'mine' }), 'draft.not-found'],
      [() => openDraft(bo.actor, { project, uploads, signatures: [] }), 'person.may-not'],
      [() => policyBytes(bo.actor, project, version), 'policy.not-found'],
      [() => addPolicySignature(bo.actor, { project, version, signature, way: 'upload' }), 'person.may-not'],
      [() => leaveProject(bo.actor, { project }), 'person.may-not'],
    ];
    for (const [work, code] of doors) await expectRefusal(work, code);
    expect(await peoplePage(bo.actor, project)).toMatchObject({ role: 'none', invitations: null, openPolicy: null });
    expect(await home(bo.actor)).toMatchObject({
      projects: [],
      needsMe: { drafts: [], policies: [] },
      waitingForOthers: { drafts: [], policies: [] },
    });
  });

  it('is told so once, and gets no more mail of the project', async () => {
    const { ada, bo, project } = await makeWorld(`-mail-${word}`);
    await changePolicy(ada, { project, remove: [how(bo)] }, ada);
    const [farewell, ...more] = (await mailTo(bo, 'policy.in-force')).filter(({ subject }) =>
      /no longer/.test(subject),
    );
    expect(more).toEqual([]);
    expect(farewell?.text).toContain(word === 'struck' ? 'went rogue' : 'keeps counting');
    const before = await runtime.db.mail.count({ where: { toPerson: bo.actor.name } });
    await makeDraft(ada, project, '3.0');
    expect(await runtime.db.mail.count({ where: { toPerson: bo.actor.name } })).toBe(before);
  });
});

describe('proposing a removal', () => {
  async function makeReleases(suffix: string) {
    const world = await makeWorld(suffix);
    const { ada, bo, project } = world;
    const [first, second] = [await makeDraft(bo, project, '1.0'), await makeDraft(bo, project, '2.0')];
    for (const { draft } of [first, second]) {
      await signDraft(ada, draft);
      await signDraft(bo, draft);
      const published = { state: 'published', publishedAt: runtime.clock.now(), recordSerial: 1, recordPolicy: 2 };
      await runtime.db.draft.update({ where: { id: draft }, data: published });
    }
    return { ...world, first: first.draft, second: second.draft };
  }

  const fatesOf = (project: string) =>
    runtime.db.releaseFate.findMany({ where: { policy: { projectName: project } }, orderBy: { fate: 'asc' } });

  it('keeps with the policy what becomes of each release that falls, and says it in history', async () => {
    const { ada, bo, project, first, second } = await makeReleases('-fates');
    const shown = await policyPreview(ada.actor, { project, remove: [strike(bo)] });
    expect(shown.consequences.releases.map(({ version, isLoss }) => [version, isLoss])).toEqual([
      ['1.0', true],
      ['2.0', true],
    ]);
    const { version } = await removePerson(ada.actor, {
      project,
      removal: strike(bo),
      fates: { [second]: 'quarantine', 'no-such-draft': 'ask' },
    });
    expect(await fatesOf(project)).toMatchObject([
      { draftId: first, fate: 'ask' },
      { draftId: second, fate: 'quarantine' },
    ]);
    const [told] = await runtime.db.historyEntry.findMany({
      where: { projectName: project, kind: 'person.removal-proposed' },
    });
    expect(told).toMatchObject({
      personName: bo.actor.name,
      details: { version, how: 'strike', reason: 'went rogue', signAgain: ['1.0'], quarantine: ['2.0'] },
    });
  });

  it('asks nothing of releases that keep what they need, as with everybody who is retired', async () => {
    const { ada, bo, project } = await makeReleases('-none');
    await removePerson(ada.actor, { project, removal: retire(bo), fates: {} });
    expect(await fatesOf(project)).toEqual([]);
  });

  it('is refused without a reason for a strike, for somebody who is not in it, and for a fate that is none', async () => {
    const { ada, bo, project, first } = await makeReleases('-refused');
    const wish = { project, removal: strike(bo), fates: {} };
    const without = { ...wish, removal: { ...strike(bo), reason: ' ' } };
    await expectRefusal(() => removePerson(ada.actor, without), 'policy.reason-missing');
    const stranger = { ...wish, removal: { name: 'nobody', how: 'retire' } as const };
    await expectRefusal(() => removePerson(ada.actor, stranger), 'policy.not-a-person-of');
    await expectRefusal(() => removePerson(ada.actor, { ...wish, fates: { [first]: 'forget' } }), 'input.not-a');
    await expectRefusal(() => removePerson(bo.actor, wish), 'person.may-not');
    await expectRefusal(() => removePerson({ ...ada.actor, freshUntil: 0 }, wish), 'session.not-fresh');
    await expectRefusal(() => removePerson(ada.actor, { ...wish, removal: retire(ada) }), 'policy.last-owner');
  });
});

describe('invitations of somebody who was removed', () => {
  it('end with them: those to their addresses, and those that only they stand for', async () => {
    const { ada, bo, project } = await makeWorld('-invitations');
    const [dan, fay, gil] = [await makePerson('dan-inv'), await makePerson('fay-inv'), await makePerson('gil-inv')];
    const admit = [await inviteAndAccept(ada, project, dan, 'owner')];
    await changePolicy(ada, { project, admit }, ada, bo);
    await invitePerson(dan.actor, { project, address: fay.address, role: 'owner' });
    const link = await readInvitationToken(fay.address);
    const byAda = await inviteAndAccept(ada, project, gil);
    await confirmInvited(dan.actor, { invitation: byAda, key: gil.key.fingerprint, pasted: null });
    await changePolicy(ada, { project, remove: [strike(dan)] }, ada);
    await expectRefusal(() => invitationPage(fay.actor, link), 'invitation.not-found');
    await expectRefusal(
      () => acceptInvitation(fay.actor, { token: link, key: fay.key.fingerprint }),
      'invitation.not-found',
    );
    await expectRefusal(() => proposePolicy(ada.actor, { project, admit: [byAda] }), 'invitation.not-confirmed');
    const rows = (await peoplePage(ada.actor, project)).invitations ?? [];
    expect(rows.filter(({ state }) => state === 'accepted').map(({ id }) => id)).toEqual([byAda]);
  });

  it('end with a strike that comes after they had left, so that they cannot come back on an old one', async () => {
    const { ada, bo, project } = await makeWorld('-back');
    await changePolicy(ada, { project, remove: [retire(bo)] }, ada);
    runtime.advance(1000);
    await inviteAndAccept(ada, project, bo);
    expect((await peoplePage(bo.actor, project)).role).toBe('invited');
    await changePolicy(ada, { project, remove: [strike(bo)] }, ada);
    expect((await peoplePage(bo.actor, project)).role).toBe('none');
  });
});

describe('leaving a project', () => {
  it('is proposed by a maintainer too, and signed by the owners', async () => {
    const { ada, bo, project } = await makeWorld('-leave');
    expect((await leavePreview(bo.actor, project)).changes.map(({ what }) => what)).toContain(bo.actor.name);
    const { version } = await leaveProject(bo.actor, { project });
    expect((await peoplePage(bo.actor, project)).role).toBe('maintainer');
    await signPolicy(project, version, ada);
    const page = await peoplePage(ada.actor, project);
    expect(page.people.map(({ name }) => name)).not.toContain(bo.actor.name);
    expect(page.retired).toMatchObject([{ name: bo.actor.name, keys: [bo.key.fingerprint] }]);
  });

  it('can be thought better of: whoever proposed to leave may withdraw that, and nothing else', async () => {
    const { ada, bo, project } = await makeWorld('-again');
    const { version } = await leaveProject(bo.actor, { project });
    expect((await policyPage(bo.actor, project)).may.withdraw).toBe(true);
    await withdrawPolicy(bo.actor, { project, version });
    await proposePolicy(ada.actor, { project, threshold: 3 });
    expect((await policyPage(bo.actor, project)).may.withdraw).toBe(false);
    await expectRefusal(() => withdrawPolicy(bo.actor, { project, version }), 'person.may-not');
  });

  it('is refused to the last owner, to a stranger and in a session that is not fresh, and changes nothing', async () => {
    const { ada, bo, project } = await makeWorld('-last');
    const eve = await makePerson('eve-last');
    await expectRefusal(() => leaveProject(ada.actor, { project }), 'policy.last-owner');
    await expectRefusal(() => leavePreview(ada.actor, project), 'policy.last-owner');
    await expectRefusal(() => leaveProject(eve.actor, { project }), 'person.may-not');
    await expectRefusal(() => leavePreview(eve.actor, project), 'person.may-not');
    await expectRefusal(() => leaveProject({ ...bo.actor, freshUntil: 0 }, { project }), 'session.not-fresh');
  });

  it('is refused to an owner where too few would be left for a policy change', async () => {
    const ada = await makePerson('ada-two');
    const bo = await makePerson('bo-two');
    const project = await makeProject(ada, 'two-owners');
    const admit = [await inviteAndAccept(ada, project, bo, 'owner')];
    await changePolicy(ada, { project, admit, ownerThreshold: 2 }, ada, bo);
    await expectRefusal(() => leaveProject(bo.actor, { project }), 'policy.too-few-owners');
  });
});
