// Between an invitation and a policy: an owner confirms that the key is the invited person's. Who confirmed whom, and how, stays in history.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { confirmInvited } from '#lib/server/commands/confirm-invited.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';
import { limits } from '#lib/server/limits.ts';
import { invitationPage } from '#lib/server/queries/invitation-page.ts';
import { keyHolder, peoplePage } from '#lib/server/queries/people-page.ts';
import { fingerprintWords } from '#lib/words/fingerprint-words.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makePerson,
  makeProject,
  makeProvenKey,
  makeWorld,
  readInvitationToken,
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

/** Ada owns a project; Bo was invited and accepted, and nobody confirmed him yet. */
async function makeAccepted(suffix: string) {
  const ada = await makePerson(`ada${suffix}`);
  const bo = await makePerson(`bo${suffix}`);
  const project = await makeProject(ada, `project${suffix}`);
  const { invitation } = await invitePerson(ada.actor, { project, address: bo.address, role: 'maintainer' });
  const token = await readInvitationToken(bo.address);
  await acceptInvitation(bo.actor, { token, key: bo.key.fingerprint });
  return { ada, bo, project, invitation, key: bo.key.fingerprint };
}

const recorded = (project: string) =>
  runtime.db.historyEntry.findMany({ where: { projectName: project, kind: { startsWith: 'person.confirm' } } });

describe('confirming an invited person', () => {
  it('comes before any policy can name them', async () => {
    const { ada, bo, project, invitation, key } = await makeAccepted('-first');
    await expectRefusal(() => proposePolicy(ada.actor, { project, admit: [invitation] }), 'invitation.not-confirmed');
    await confirmInvited(ada.actor, { invitation, key, pasted: key });
    await changePolicy(ada, { project, admit: [invitation] }, ada);
    expect((await peoplePage(visitor, project)).people.map(({ name }) => name)).toContain(bo.actor.name);
  });

  it('takes the fingerprint in any spelling, and its words, and says who confirmed whom and how', async () => {
    const { ada, bo, project, invitation, key } = await makeAccepted('-spelling');
    const spaced = key.toLowerCase().replaceAll(/(.{4})/g, '$1 ');
    for (const pasted of [spaced, fingerprintWords(key).join(' '), null])
      await confirmInvited(ada.actor, { invitation, key, pasted });
    expect(await recorded(project)).toMatchObject(
      ['pasted', 'pasted', 'words'].map((how) => ({
        ...{ actor: ada.actor.name, kind: 'person.confirmed', personName: bo.actor.name },
        details: { key, how },
      })),
    );
    const page = await peoplePage(ada.actor, project);
    expect(page.invitations).toMatchObject([{ confirmedBy: ada.actor.name }]);
    expect(keyHolder(page, key)).toMatchObject({ name: bo.actor.name, accepted: { confirmedBy: ada.actor.name } });
  });

  it('refuses another fingerprint, and history keeps that it was tried', async () => {
    const { ada, invitation, key } = await makeAccepted('-other');
    const other = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const wish = { invitation, key };
    await expectRefusal(
      () => confirmInvited(ada.actor, { ...wish, pasted: other }),
      'invitation.key-differs',
      'person.confirm-refused',
    );
    await expectRefusal(
      () => confirmInvited(ada.actor, { ...wish, key: eve.key.fingerprint, pasted: null }),
      'invitation.key-differs',
      'person.confirm-refused',
    );
  });

  it('refuses a shortened fingerprint and what is none, since anybody can make a key with the same last digits', async () => {
    const { ada, invitation, key } = await makeAccepted('-short');
    for (const [pasted, code] of [
      [key.slice(-16), 'fingerprint.too-short'],
      ['bo@example.org', 'fingerprint.unreadable'],
      [fingerprintWords(key).slice(1).join(' '), 'fingerprint.wrong-words'],
    ] as const)
      await expectRefusal(() => confirmInvited(ada.actor, { invitation, key, pasted }), code);
  });

  it('is for owners with a recent sign-in; to others the invitation is not there', async () => {
    const { ada, bo, invitation, key } = await makeAccepted('-owners');
    const wish = { invitation, key, pasted: key };
    await expectRefusal(() => confirmInvited(visitor, wish), 'person.sign-in-first');
    await expectRefusal(() => confirmInvited(eve.actor, wish), 'invitation.not-found');
    await expectRefusal(() => confirmInvited(bo.actor, wish), 'person.may-not');
    const stale = { ...ada.actor, freshUntil: 0 };
    await expectRefusal(() => confirmInvited(stale, wish), 'session.not-fresh');
    await revokeInvitation(ada.actor, { invitation });
    await expectRefusal(() => confirmInvited(ada.actor, wish), 'invitation.not-found');
  });
});

describe('inviting', () => {
  it('sends only so many mails an hour for one person, to whatever addresses', async () => {
    const ada = await makePerson('ada-many');
    const project = await makeProject(ada, 'many');
    const invite = (at: number) =>
      invitePerson(ada.actor, { project, address: `guest-${at}@example.org`, role: 'maintainer' });
    for (let at = 0; at < limits.invitationsPerPerson; at += 1) await invite(at);
    await expectRefusal(() => invite(limits.invitationsPerPerson), 'request.too-many');
  });
});

describe('an accepted invitation', () => {
  it('that an open policy names is not revoked behind its back', async () => {
    const { ada, project, invitation, key } = await makeAccepted('-open');
    await confirmInvited(ada.actor, { invitation, key, pasted: key });
    const { version } = await proposePolicy(ada.actor, { project, admit: [invitation] });
    await expectRefusal(() => revokeInvitation(ada.actor, { invitation }), 'invitation.in-open-policy');
    await signPolicy(project, version, ada);
    await expectRefusal(() => revokeInvitation(ada.actor, { invitation }), 'invitation.not-found');
  });

  it('never brings a struck key back: the person comes with another one', async () => {
    const { ada, bo, project } = await makeWorld('-struck-key');
    const remove = [{ name: bo.actor.name, how: 'strike', since: null, reason: 'laptop stolen' } as const];
    await changePolicy(ada, { project, remove }, ada);
    runtime.advance(1000);
    await invitePerson(ada.actor, { project, address: bo.address, role: 'maintainer' });
    const token = await readInvitationToken(bo.address);
    expect((await invitationPage(bo.actor, token)).state).toBe('needs-key');
    await expectRefusal(() => acceptInvitation(bo.actor, { token, key: bo.key.fingerprint }), 'invitation.key-struck');
    const fresh = await makeProvenKey(bo.actor);
    expect((await invitationPage(bo.actor, token)).keys.map(({ fingerprint }) => fingerprint)).toEqual([
      fresh.fingerprint,
    ]);
    await acceptInvitation(bo.actor, { token, key: fresh.fingerprint });
  });
});

describe('the people and keys page', () => {
  it('says since when each person and key may sign, and by which policy and when the others ended', async () => {
    const { ada, bo, chi, project } = await makeWorld('-dates');
    const came = runtime.clock.now();
    runtime.advance(86_400_000);
    const left = runtime.clock.now();
    const remove = [
      { name: bo.actor.name, how: 'retire' } as const,
      { name: chi.actor.name, how: 'strike', since: '2026-01-01T00:00:00Z', reason: 'went rogue' } as const,
    ];
    const version = await changePolicy(ada, { project, remove }, ada, bo);
    runtime.advance(86_400_000);
    const again = await inviteAndAccept(ada, project, bo);
    const back = runtime.clock.now();
    await changePolicy(ada, { project, admit: [again], threshold: 1 }, ada);
    const page = await peoplePage(visitor, project);
    expect(page.people).toMatchObject([
      { name: ada.actor.name, since: came, keys: [{ since: came }] },
      { name: bo.actor.name, since: back, keys: [{ since: back }] },
    ]);
    expect(page.retired).toMatchObject([
      { name: bo.actor.name, keys: [bo.key.fingerprint], policy: version, at: left, reason: null, stillSigns: true },
    ]);
    expect(page.struck).toMatchObject([
      { name: chi.actor.name, keys: [chi.key.fingerprint], at: left, voidSince: '2026-01-01T00:00:00Z' },
    ]);
    expect(page.invitations).toBeNull();
    runtime.advance(-2 * 86_400_000);
  });
});
