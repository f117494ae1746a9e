// Two changes of people, keys or rules at once, and each against a signature on a draft: the end is that of one of the two serial orders
// (threats.md, 40). On PostgreSQL in two app processes, on the embedded database in one; 200 rounds each in the long run.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { proposePolicy, type ProposePolicyInput } from '#lib/server/commands/propose-policy.ts';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { race, type Race } from '../support/race.ts';
import { ready, type Ready } from '../support/race-commands.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  makeAccount,
  makeDraft,
  makeKey,
  makePerson,
  makeProject,
  makeWheel,
  signBytes,
  signDraft,
  signPolicy,
  storeUpload,
  type TestPerson,
} from '../support/story.ts';
import { acceptByRow, inviteByRow, lookAt, makeTeam, makeTeamProject, type Team } from '../support/team.ts';

let runtime: TestRuntime;
let apps: Apps;
let team: Team;

beforeAll(async () => {
  runtime = await openTestRuntime();
  apps = await openApps(runtime);
  team = await makeTeam();
});
afterAll(async () => {
  await apps.close();
  await runtime.close();
});

const reason = 'Their laptop was stolen.';
/** How often it stands in history and among the mails. */
const times = (serial: object, entry: string): number => JSON.stringify(serial).split(entry).length - 1;

/** A race in a project of its own. */
const inProject = (
  title: string,
  sides: (project: string, round: string) => Promise<[Ready, Ready]>,
  check?: (serial: object) => void,
): void =>
  race(
    title,
    () => apps,
    async (round): Promise<Race> => {
      const project = await makeTeamProject(team, `sunrise-${round}`);
      const [first, second] = await sides(project, round);
      return { first, second, look: () => lookAt(project) };
    },
    check,
  );
async function signing(person: TestPerson, draft: string): Promise<Ready> {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = await signBytes(person.key, bytes);
  return ready('addSignature', person.actor, { draft, signature, way: 'upload' });
}

async function signingPolicy(person: TestPerson, project: string, version: number): Promise<Ready> {
  const { bytes } = await policyBytes(person.actor, project, version);
  const signature = await signBytes(person.key, bytes);
  return ready('addPolicySignature', person.actor, { project, version, signature, way: 'upload' });
}

/** A proposal by ada to which only her own signature is missing: a maintainer has signed already, in case it weakens the rules. */
async function lastSignatureOn(input: ProposePolicyInput): Promise<Ready> {
  const { project } = input;
  const { version } = await proposePolicy(team.ada.actor, input);
  await signPolicy(project, version, team.chi);
  return signingPolicy(team.ada, project, version);
}

/** A draft by dee that ada has signed. */
async function draftOf(project: string): Promise<string> {
  const { draft } = await makeDraft(team.dee, project);
  await signDraft(team.ada, draft);
  return draft;
}

describe('the last signature on a draft that meets', () => {
  const against = (title: string, change: (project: string) => ProposePolicyInput): void =>
    inProject(
      title,
      async (project) => {
        const draft = await draftOf(project);
        return [await signing(team.bo, draft), await lastSignatureOn(change(project))];
      },
      (serial) => expect(serial).toMatchObject({ policies: expect.arrayContaining(['3 in-force']) }),
    );

  against('the retirement of its person counts nobody who has left', (project) => ({
    project,
    remove: [{ name: 'bo', how: 'retire' }],
  }));
  against('the striking of its person counts nobody who was struck', (project) => ({
    project,
    remove: [{ name: 'bo', how: 'strike', since: null, reason }],
  }));
  against('a raised threshold approves by the old rule, then waits by the new one, or only waits', (project) => ({
    project,
    threshold: 3,
  }));
  against('a lowered threshold approves the draft once', (project) => ({ project, threshold: 1 }));

  inProject('the hard revocation of its key counts or not, and never both', async (project, round) => {
    const eve = await makePerson(`eve-${round}`);
    const admit = [await acceptByRow(project, team.ada, eve)];
    await changePolicy(team.ada, { project, admit }, team.ada, team.bo);
    const draft = await draftOf(project);
    const at = runtime.clock.now().getTime();
    const revocation = await makeRevocation(eve.key.private.write(), '', { reason: { kind: 'compromised' }, at });
    const certificate = new TextEncoder().encode(revocation.armored);
    return [await signing(eve, draft), ready('addKey', eve.actor, { certificate })];
  });
});

describe('a change of rules that meets', () => {
  inProject('a replaced file judges the new revision by the new rule', async (project) => {
    const draft = await draftOf(project);
    const uploads = [await storeUpload(makeWheel(project, '1.2.0', 'x = 9\n'))];
    const change = ready('changeFiles', team.chi.actor, { draft, uploads, remove: [], signatures: [] });
    return [await lastSignatureOn({ project, threshold: 1 }), change];
  });

  inProject(
    'a withdrawal of a draft that it would approve leaves it withdrawn',
    async (project) => {
      const draft = await draftOf(project);
      const withdrawal = ready('withdrawDraft', team.dee.actor, { draft, reason });
      return [await lastSignatureOn({ project, threshold: 1 }), withdrawal];
    },
    (serial) => expect(serial).toMatchObject({ drafts: [{ state: 'withdrawn' }] }),
  );

  inProject(
    'another last signature comes into force once, with one set of mails',
    async (project) => {
      const { version } = await proposePolicy(team.ada.actor, { project, threshold: 1 });
      await signPolicy(project, version, team.ada);
      return [await signingPolicy(team.bo, project, version), await signingPolicy(team.chi, project, version)];
    },
    (serial) => expect(times(serial, ' policy.in-force"')).toBe(12),
  );

  inProject('its own withdrawal is in force or withdrawn', async (project) => [
    await lastSignatureOn({ project, threshold: 1 }),
    ready('withdrawPolicy', team.dee.actor, { project, version: 3 }),
  ]);

  inProject(
    'another proposal is the one that is open, or is told that one is',
    async (project) => [
      ready('proposePolicy', team.ada.actor, { project, threshold: 1 }),
      ready('proposePolicy', team.dee.actor, { project, threshold: 3 }),
    ],
    (serial) => expect(times(serial, ' policy.proposed"')).toBe(3),
  );

  inProject(
    'the proposal of the other owner to remove its own proposer lets one of them stand',
    async (project) => [
      ready('proposePolicy', team.ada.actor, { project, remove: [{ name: 'dee', how: 'retire' }] }),
      ready('proposePolicy', team.dee.actor, { project, remove: [{ name: 'ada', how: 'retire' }] }),
    ],
    (serial) => expect(serial).toMatchObject({ answers: expect.arrayContaining(['done', 'policy.already-open']) }),
  );

  inProject(
    'a removal of the person who leaves by themselves is one proposal',
    async (project) => [
      ready('leaveProject', team.bo.actor, { project }),
      ready('removePerson', team.ada.actor, { project, removal: { name: 'bo', how: 'retire' }, fates: {} }),
    ],
    (serial) => expect(times(serial, ' policy.proposed"')).toBe(3),
  );

  inProject('the withdrawal by the owner whom it removes ends one way', async (project) => [
    await lastSignatureOn({ project, remove: [{ name: 'dee', how: 'retire' }] }),
    ready('withdrawPolicy', team.dee.actor, { project, version: 3 }),
  ]);
});

describe('an invitation', () => {
  const invited = async (project: string, round: string) => {
    const guest = await makePerson(`guest-${round}`);
    return { guest, ...(await inviteByRow(project, team.ada, guest)) };
  };
  const accepting = ({ actor, key }: TestPerson, token: string): Ready =>
    ready('acceptInvitation', actor, { token, key: key.fingerprint });

  race(
    'that is sent twice to one address is sent once',
    () => apps,
    async (round) => {
      const host = await makePerson(`host-${round}`);
      const project = await makeProject(host, `hosted-${round}`);
      const input = { project, address: `new-${round}@example.org`, role: 'maintainer' } as const;
      const send = ready('invitePerson', host.actor, input);
      return { first: send, second: send, look: () => lookAt(project) };
    },
    (serial) => expect(times(serial, ' invitation"')).toBe(1),
  );

  inProject(
    'that is accepted twice is accepted once',
    async (project, round) => {
      const { guest, token } = await invited(project, round);
      return [accepting(guest, token), accepting(guest, token)];
    },
    (serial) => expect(times(serial, ' invitation.accepted"')).toBe(2),
  );

  inProject('that is revoked while it is accepted is one or the other', async (project, round) => {
    const { guest, id, token } = await invited(project, round);
    return [accepting(guest, token), ready('revokeInvitation', team.dee.actor, { invitation: id })];
  });

  inProject('that is revoked while its key is confirmed is there no more', async (project, round) => {
    const { guest, id, token } = await invited(project, round);
    await acceptInvitation(guest.actor, { token, key: guest.key.fingerprint });
    const confirmed = ready('confirmInvited', team.ada.actor, {
      invitation: id,
      key: guest.key.fingerprint,
      pasted: guest.key.fingerprint,
    });
    return [confirmed, ready('revokeInvitation', team.dee.actor, { invitation: id })];
  });
});

describe('sent twice', () => {
  race(
    'a project is founded once',
    () => apps,
    async (round) => {
      const create = ({ actor, key }: TestPerson): Ready =>
        ready('createProject', actor, { name: `founded-${round}`, threshold: 1, key: key.fingerprint });
      return { first: create(team.bo), second: create(team.chi), look: () => lookAt(`founded-${round}`) };
    },
    (serial) => expect(serial).toMatchObject({ answers: expect.arrayContaining(['done', 'project.name-taken']) }),
  );

  race(
    'a key is added once, with one mail',
    () => apps,
    async (round) => {
      const { actor, address } = await makeAccount(`newcomer-${round}`);
      const { certificate } = await makeKey(actor.name);
      const add = ready('addKey', actor, { certificate });
      const look = async (): Promise<object> => ({
        keys: await runtime.db.key.count({ where: { personName: actor.name } }),
        history: await runtime.db.historyEntry.count({ where: { personName: actor.name, kind: 'key.added' } }),
        mails: await runtime.db.mail.count({ where: { toAddress: address } }),
      });
      return { first: add, second: add, look };
    },
    (serial) => expect(serial).toMatchObject({ keys: 1, history: 1 }),
  );

  race(
    'one key that two people claim belongs to one of them',
    () => apps,
    async (round) => {
      const [one, other] = [await makeAccount(`one-${round}`), await makeAccount(`other-${round}`)];
      const key = await makeKey(one.actor.name);
      const claim = ({ actor }: Pick<TestPerson, 'actor'>): Ready =>
        ready('addKey', actor, { certificate: key.certificate });
      const look = async (): Promise<object> => {
        const rows = await runtime.db.key.findMany({ where: { fingerprint: key.fingerprint } });
        return { owners: rows.map(({ personName }) => personName) };
      };
      return { first: claim(one), second: claim(other), look };
    },
    (serial) => expect(serial).toMatchObject({ owners: [expect.any(String)] }),
  );
});
