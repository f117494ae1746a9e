// Every door × every role, as data. Each verb is tried by everybody on a fresh world; who may not is refused with the one code that
// tells nothing more than they may know, and nothing changes. The rights themselves are core's table (people.ts).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefusalCode } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { home } from '#lib/server/queries/home.ts';
import { policyBytes, policyPage } from '#lib/server/queries/policy-page.ts';
import { draftFile, statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProject,
  makeWheel,
  makeWorld,
  storeUpload,
  visitor,
  type World,
} from '../support/story.ts';

const roles = [
  'visitor',
  'jobs',
  'countersigner',
  'stranger',
  'foreign-owner',
  'invited',
  'maintainer',
  'owner',
] as const;
type RoleName = (typeof roles)[number];

type Setting = World & { draft: string; invitation: string; openPolicy: number; file: string; upload: Upload };
type Door = {
  name: string;
  go: (actor: Actor, at: Setting) => Promise<unknown>;
  may: RoleName[];
  stranger: RefusalCode;
  insider?: RefusalCode;
};

const none = new Uint8Array();
// What comes after the door is another test's business: whoever may gets anything but these codes.
const closed: RefusalCode[] = [
  'person.sign-in-first',
  'person.may-not',
  'draft.not-found',
  'project.not-found',
  'policy.not-found',
  'invitation.not-found',
];

const signers: RoleName[] = ['maintainer', 'owner'];
const owners: RoleName[] = ['owner'];
const doors: Door[] = [
  {
    name: 'openDraft',
    may: signers,
    stranger: 'person.may-not',
    go: (a, at) => openDraft(a, { project: at.project, uploads: [at.upload], signatures: [] }),
  },
  {
    name: 'changeFiles',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => changeFiles(a, { draft: at.draft, uploads: [], remove: ['x'], signatures: [] }),
  },
  {
    name: 'addSignature',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => addSignature(a, { draft: at.draft, signature: none, way: 'upload' }),
  },
  {
    name: 'takeBackSignature',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => takeBackSignature(a, { draft: at.draft, signature: 'x' }),
  },
  {
    name: 'withdrawDraft',
    may: owners,
    stranger: 'draft.not-found',
    insider: 'person.may-not',
    go: (a, at) => withdrawDraft(a, { draft: at.draft, reason: 'a mistake' }),
  },
  {
    name: 'declineDraft',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => declineDraft(a, { draft: at.draft, reason: 'a file is missing' }),
  },
  {
    name: 'liftDecline',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => liftDecline(a, { draft: at.draft, decline: 'x' }),
  },
  {
    name: 'invitePerson',
    may: owners,
    stranger: 'person.may-not',
    go: (a, at) => invitePerson(a, { project: at.project, address: 'not one', role: 'owner' }),
  },
  {
    name: 'revokeInvitation',
    may: owners,
    stranger: 'invitation.not-found',
    insider: 'person.may-not',
    go: (a, at) => revokeInvitation(a, { invitation: at.invitation }),
  },
  {
    name: 'proposePolicy',
    may: owners,
    stranger: 'person.may-not',
    go: (a, at) => proposePolicy(a, { project: at.project, threshold: 3 }),
  },
  {
    name: 'addPolicySignature',
    may: signers,
    stranger: 'person.may-not',
    go: (a, at) =>
      addPolicySignature(a, { project: at.project, version: at.openPolicy, signature: none, way: 'upload' }),
  },
  {
    name: 'withdrawPolicy',
    may: owners,
    stranger: 'person.may-not',
    go: (a, at) => withdrawPolicy(a, { project: at.project, version: at.openPolicy }),
  },
  { name: 'draftPage', may: signers, stranger: 'draft.not-found', go: (a, at) => draftPage(a, at.draft) },
  { name: 'statementBytes', may: signers, stranger: 'draft.not-found', go: (a, at) => statementBytes(a, at.draft) },
  { name: 'draftFile', may: signers, stranger: 'draft.not-found', go: (a, at) => draftFile(a, at.draft, at.file) },
  {
    name: 'historyOf a draft',
    may: signers,
    stranger: 'draft.not-found',
    go: (a, at) => historyOf(a, { draft: at.draft }),
  },
];
// The open change is for those inside and for whoever is on the way in.
const openPolicyReaders: RoleName[] = ['invited', 'maintainer', 'owner'];

let runtime: TestRuntime;
let setting: Setting;
let actors: Record<RoleName, Actor>;

beforeAll(async () => {
  runtime = await openTestRuntime();
  const world = await makeWorld();
  const [invited, stranger, foreign] = [await makePerson('ivy'), await makePerson('sam'), await makePerson('fay')];
  await makeProject(foreign, 'elsewhere');
  const invitation = await inviteAndAccept(world.ada, world.project, invited);
  const { draft } = await makeDraft(world.ada, world.project);
  const { version } = await proposePolicy(world.ada.actor, { project: world.project, threshold: 1 });
  setting = {
    ...world,
    draft,
    invitation,
    openPolicy: version,
    file: makeWheel(world.project).name,
    upload: await storeUpload(makeWheel('moonrise', '1.0')),
  };
  actors = {
    visitor,
    jobs: { kind: 'jobs' },
    countersigner: { kind: 'countersigner' },
    ...{ stranger: stranger.actor, 'foreign-owner': foreign.actor, invited: invited.actor },
    ...{ maintainer: world.bo.actor, owner: world.ada.actor },
  };
});
afterAll(() => runtime.close());

function expectedCode(door: Door, role: RoleName): RefusalCode {
  if (actors[role].kind !== 'person') return 'person.sign-in-first';
  const isInside = role === 'maintainer' || (role === 'invited' && door.name === 'revokeInvitation');
  return isInside ? (door.insider ?? 'person.may-not') : door.stranger;
}

describe('who may not pass a door is refused, and nothing changes', () => {
  for (const door of doors)
    for (const role of roles.filter((name) => !door.may.includes(name)))
      it(`${door.name}: ${role}`, () => expectRefusal(() => door.go(actors[role], setting), expectedCode(door, role)));
});

describe('an open policy', () => {
  it('is not there for whoever is outside, and the policy in force is there for all', async () => {
    const version = setting.openPolicy;
    for (const role of roles) {
      const page = await policyPage(actors[role], setting.project);
      expect([role, page.state]).toEqual([role, openPolicyReaders.includes(role) ? 'open' : 'in-force']);
      if (!openPolicyReaders.includes(role))
        await expectRefusal(() => policyBytes(actors[role], setting.project, version), 'policy.not-found');
    }
  });
});

describe('one’s own pages', () => {
  it('are for whoever is signed in', async () => {
    for (const role of roles.filter((name) => actors[name].kind !== 'person')) {
      await expectRefusal(() => home(actors[role]), 'person.sign-in-first');
      await expectRefusal(() => accountKeys(actors[role]), 'person.sign-in-first');
      await expectRefusal(() => historyOf(actors[role], { person: true }), 'person.sign-in-first');
    }
    for (const role of roles.filter((name) => actors[name].kind === 'person'))
      expect((await home(actors[role])).person).toBeTruthy();
  });
});

describe('who may pass a door gets in', () => {
  // The last ones: owners withdraw what the others need.
  for (const role of signers)
    for (const door of doors.filter((entry) => entry.may.includes(role)))
      it(`${door.name}: ${role}`, async () => {
        const code = await door.go(actors[role], setting).then(
          () => 'done',
          (fault: { code?: RefusalCode }) => fault.code,
        );
        expect(closed).not.toContain(code);
      });
});
