// Projects, invitations and policies: who gets in, by whose signatures, and what an open change does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { createProject } from '#lib/server/commands/create-project.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { home } from '#lib/server/queries/home.ts';
import { invitationPage } from '#lib/server/queries/invitation-page.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { policyBytes, policyPage } from '#lib/server/queries/policy-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProject,
  makeWorld,
  readInvitationToken,
  signBytes,
  signDraft,
  signPolicy,
  visitor,
  type TestPerson,
} from '../support/story.ts';

let runtime: TestRuntime;
let eve: TestPerson;
beforeAll(async () => {
  runtime = await openTestRuntime();
  eve = await makePerson('eve');
});
afterAll(() => runtime.close());

describe('a new project', () => {
  it('exists for nobody else until its founder signed policy 1', async () => {
    const ada = await makePerson('ada-new');
    await createProject(ada.actor, { name: 'New.Project', threshold: 2, key: ada.key.fingerprint });
    await expectRefusal(() => projectPage(eve.actor, 'new-project'), 'project.not-found');
    expect((await policyPage(ada.actor, 'new-project')).panel?.fileName).toBe('new-project-policy-1.json');
    expect((await home(ada.actor)).needsMe.policies).toMatchObject([{ project: 'new-project', version: 1 }]);
    await signPolicy('new-project', 1, ada);
    expect((await projectPage(visitor, 'NEW_project')).policy).toMatchObject({ version: 1, threshold: 2 });
  });

  it('takes its name in every spelling', async () => {
    const ada = await makePerson('ada-name');
    const input = { threshold: 1, key: ada.key.fingerprint };
    await createProject(ada.actor, { ...input, name: 'one-name' });
    await expectRefusal(
      () => createProject(eve.actor, { ...input, key: eve.key.fingerprint, name: 'One_Name' }),
      'project.name-taken',
    );
  });

  it('needs a threshold of at least one, a sound name and a key of one’s own', async () => {
    const wish = { name: 'unsound', threshold: 1, key: eve.key.fingerprint };
    const ada = await makePerson('ada-key');
    for (const threshold of [0, -1, 1.5, Number.NaN])
      await expectRefusal(() => createProject(eve.actor, { ...wish, threshold }), 'input.not-a');
    await expectRefusal(() => createProject(eve.actor, { ...wish, name: '-x' }), 'distribution.project-name');
    await expectRefusal(() => createProject(eve.actor, { ...wish, key: ada.key.fingerprint }), 'key.not-found');
    await expectRefusal(() => createProject(visitor, wish), 'person.sign-in-first');
  });
});

describe('an invitation', () => {
  it('is bound to its address: another account sees that it is not for them, and cannot accept', async () => {
    const ada = await makePerson('ada-inv');
    const bo = await makePerson('bo-inv');
    const project = await makeProject(ada, 'inviting');
    await invitePerson(ada.actor, { project, address: bo.address, role: 'maintainer' });
    const token = await readInvitationToken(bo.address);
    expect((await invitationPage(visitor, token)).state).toBe('sign-in');
    expect((await invitationPage(eve.actor, token)).state).toBe('other-account');
    expect((await invitationPage(bo.actor, token)).state).toBe('ready');
    await expectRefusal(
      () => acceptInvitation(eve.actor, { token, key: eve.key.fingerprint }),
      'invitation.other-account',
    );
    await expectRefusal(() => acceptInvitation(bo.actor, { token, key: ada.key.fingerprint }), 'key.not-found');
  });

  it('works once, and gives no right by itself', async () => {
    const ada = await makePerson('ada-once');
    const bo = await makePerson('bo-once');
    const project = await makeProject(ada, 'once');
    await inviteAndAccept(ada, project, bo);
    const token = await readInvitationToken(bo.address);
    await expectRefusal(() => acceptInvitation(bo.actor, { token, key: bo.key.fingerprint }), 'invitation.not-found');
    expect((await projectPage(bo.actor, project)).role).toBe('invited');
    const told = await runtime.db.mail.findMany({ where: { toPerson: 'ada-once', event: 'invitation.accepted' } });
    expect(told).toHaveLength(1);
  });

  it('that is revoked or expired opens nothing, and its address can be invited again', async () => {
    const ada = await makePerson('ada-gone');
    const project = await makeProject(ada, 'gone');
    const wish = { project, address: 'bo-gone@example.org', role: 'maintainer' } as const;
    const { invitation } = await invitePerson(ada.actor, wish);
    await expectRefusal(() => invitePerson(ada.actor, wish), 'invitation.already-open');
    await revokeInvitation(ada.actor, { invitation });
    const token = await readInvitationToken(wish.address);
    await expectRefusal(() => invitationPage(visitor, token), 'invitation.not-found');
    await expectRefusal(() => revokeInvitation(ada.actor, { invitation }), 'invitation.not-found');
    await invitePerson(ada.actor, wish);
    runtime.advance(15 * 86_400_000);
    await expectRefusal(() => invitationPage(visitor, 'no-such-token'), 'invitation.not-found');
    await invitePerson(ada.actor, wish);
    runtime.advance(-15 * 86_400_000);
  });

  it('keeps its secret out of the database', async () => {
    const ada = await makePerson('ada-secret');
    const project = await makeProject(ada, 'secretive');
    await invitePerson(ada.actor, { project, address: 'x@example.org', role: 'maintainer' });
    const token = await readInvitationToken('x@example.org');
    const rows =
      JSON.stringify(await runtime.db.invitation.findMany()) +
      JSON.stringify(await runtime.db.historyEntry.findMany({ select: { details: true } }));
    expect(rows).not.toContain(token);
  });
});

describe('a policy change', () => {
  it('comes into force with the last signature that it needs: rows follow the document', async () => {
    const { ada, bo, chi, project } = await makeWorld('-rows');
    expect(
      await runtime.db.membership.findMany({ where: { projectName: project }, orderBy: { personName: 'asc' } }),
    ).toMatchObject([
      { personName: ada.actor.name, role: 'owner' },
      { personName: bo.actor.name, role: 'maintainer' },
      { personName: chi.actor.name, role: 'maintainer' },
    ]);
    expect((await peoplePage(ada.actor, project)).invitations?.map((row) => row.state)).toEqual([
      'admitted',
      'admitted',
    ]);
    const states = await runtime.db.policy.findMany({ where: { projectName: project }, orderBy: { version: 'asc' } });
    expect(states.map((row) => row.state)).toEqual(['superseded', 'in-force']);
  });

  it('that weakens the rules waits for as many people as a release needs', async () => {
    const { ada, bo, project } = await makeWorld('-weak');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    await signPolicy(project, version, ada);
    expect((await policyPage(ada.actor, project)).needs.map((need) => [need.why, need.missing])).toEqual([
      ['owners', 0],
      ['weakening', 1],
    ]);
    expect((await projectPage(visitor, project)).policy?.threshold).toBe(2);
    await signPolicy(project, version, bo);
    expect((await projectPage(visitor, project)).policy?.threshold).toBe(1);
  });

  it('makes drafts ready or takes them back, as the new rules judge', async () => {
    const { ada, bo, chi, project } = await makeWorld('-judge');
    const ready = await makeDraft(ada, project, '1.0');
    await signDraft(ada, ready.draft);
    await signDraft(bo, ready.draft);
    const half = await makeDraft(ada, project, '2.0');
    await signDraft(ada, half.draft);
    await changePolicy(ada, { project, threshold: 3 }, ada);
    expect((await draftPage(ada.actor, ready.draft)).state).toBe('draft');
    await changePolicy(ada, { project, threshold: 1 }, ada, bo, chi);
    expect((await draftPage(ada.actor, ready.draft)).state).toBe('approved');
    expect((await draftPage(ada.actor, half.draft)).state).toBe('approved');
  });

  it('is one at a time, and can be withdrawn: then its number is free again', async () => {
    const { ada, project } = await makeWorld('-one');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 3 });
    await expectRefusal(() => proposePolicy(ada.actor, { project, threshold: 1 }), 'policy.already-open');
    await withdrawPolicy(ada.actor, { project, version });
    await expectRefusal(() => withdrawPolicy(ada.actor, { project, version }), 'policy.not-found');
    await expectRefusal(() => proposePolicy(ada.actor, { project, threshold: 2 }), 'policy.changes-nothing');
    expect((await proposePolicy(ada.actor, { project, threshold: 3 })).version).toBe(version);
  });

  it('takes a signature only over its own bytes, by somebody it asks', async () => {
    const { ada, bo, project } = await makeWorld('-bytes');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 3 });
    const { bytes } = await policyBytes(ada.actor, project, version);
    const wrong = await addPolicySignature(ada.actor, {
      project,
      version,
      signature: await signBytes(ada.key, Buffer.from('x')),
      way: 'upload',
    });
    expect(wrong).toMatchObject({ inForce: false, outcomes: [{ result: 'refused', reason: 'wrong-bytes' }] });
    const notAsked = await addPolicySignature(bo.actor, {
      project,
      version,
      signature: await signBytes(bo.key, bytes),
      way: 'upload',
    });
    expect(notAsked).toMatchObject({ inForce: false, outcomes: [{ result: 'refused', reason: 'nothing-needed' }] });
    const stranger = { project, version, signature: await signBytes(eve.key, bytes), way: 'upload' } as const;
    await expectRefusal(() => addPolicySignature(eve.actor, stranger), 'person.may-not');
    expect(await runtime.db.policySignature.count({ where: { policy: { projectName: project, version } } })).toBe(0);
  });

  it('a policy that changed since it was looked at is not signed', async () => {
    const { ada, project } = await makeWorld('-moved');
    const { version } = await proposePolicy(ada.actor, { project, threshold: 3 });
    const { bytes } = await policyBytes(ada.actor, project, version);
    const signature = await signBytes(ada.key, bytes);
    const { sha256 } = await policyPage(ada.actor, project, 1);
    await expectRefusal(
      () => addPolicySignature(ada.actor, { project, version, signature, way: 'upload', expectedSha256: sha256 }),
      'policy.moved-on',
    );
  });
});
