// A project for one round of a race: ada and dee own it, bo and chi maintain it, two of the four must sign. The people are made once, the project
// anew for each round; and everything that has become of it, in words that are the same from round to round.
import { changePolicy, makePerson, makeProject, type TestPerson } from './story.ts';
import { randomUUID } from 'node:crypto';
import type { Draft } from '#lib/server/db/generated/client.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { runtime } from '#lib/server/runtime.ts';

export type Team = { ada: TestPerson; dee: TestPerson; bo: TestPerson; chi: TestPerson };

export const makeTeam = async (): Promise<Team> => ({
  ...{ ada: await makePerson('ada'), dee: await makePerson('dee') },
  ...{ bo: await makePerson('bo'), chi: await makePerson('chi') },
});

type Invited = { id: string; token: string };

/** An invitation that waits, as a row: nobody may send as many mails as a race needs. */
export async function inviteByRow(
  project: string,
  owner: TestPerson,
  { address }: TestPerson,
  role: 'owner' | 'maintainer' = 'maintainer',
): Promise<Invited> {
  const { db, clock } = runtime();
  const [id, token, createdAt] = [randomUUID(), randomUUID(), clock.now()];
  const times = { createdAt, expiresAt: new Date(createdAt.getTime() + 3_600_000), openSlot: `${project}:${address}` };
  const row = { id, projectName: project, address, role, tokenHash: hashToken(token), invitedBy: owner.actor.name };
  await db.invitation.create({ data: { ...row, ...times } });
  return { id, token };
}

/** One that was accepted and confirmed, so that a policy can name the person. Answers its id. */
export async function acceptByRow(
  project: string,
  owner: TestPerson,
  person: TestPerson,
  role: 'owner' | 'maintainer' = 'maintainer',
): Promise<string> {
  const { id } = await inviteByRow(project, owner, person, role);
  const at = runtime().clock.now();
  const accepted = { acceptedAt: at, acceptedBy: person.actor.name, key: person.key.fingerprint, openSlot: null };
  await runtime().db.invitation.update({
    where: { id },
    data: { ...accepted, confirmedAt: at, confirmedBy: owner.actor.name },
  });
  return id;
}

/** Answers the project's name. */
export async function makeTeamProject({ ada, dee, bo, chi }: Team, name: string): Promise<string> {
  const project = await makeProject(ada, name);
  const admit = [await acceptByRow(project, ada, dee, 'owner')];
  for (const person of [bo, chi]) admit.push(await acceptByRow(project, ada, person));
  await changePolicy(ada, { project, admit, threshold: 2 }, ada);
  return project;
}

type Written = { history: object; mails: object };

/** What has become of the project: states, people, who counts, history and mails. */
export async function lookAt(project: string): Promise<object> {
  const { db } = runtime();
  const policies = await db.policy.findMany({ where: { projectName: project } });
  const members = await db.membership.findMany({ where: { projectName: project } });
  const invitations = await db.invitation.findMany({ where: { projectName: project } });
  const drafts = await db.draft.findMany({ where: { projectName: project }, orderBy: { version: 'asc' } });
  const looked: object[] = [];
  for (const draft of drafts) looked.push(await stateOf(draft));
  return {
    drafts: looked,
    policies: policies.map(({ version, state }) => `${version} ${state}`).sort(),
    members: members.map(({ personName, role }) => `${personName} ${role}`).sort(),
    invitations: invitations.map(({ acceptedBy, revokedAt }) => `${acceptedBy} ${revokedAt !== null}`).sort(),
    ...(await written({ projectName: project }, project)),
  };
}

/** What has become of one draft. */
export async function lookAtDraft(id: string): Promise<object> {
  const draft = await runtime().db.draft.findUniqueOrThrow({ where: { id } });
  return { drafts: [await stateOf(draft)], ...(await written({ draftId: id }, id)) };
}

/** Entries and mails about it. Refusals are left out: they change nothing. */
async function written(where: { projectName: string } | { draftId: string }, word: string): Promise<Written> {
  const { db } = runtime();
  const history = await db.historyEntry.findMany({ where });
  // A mail that asks for a signature names its draft in the thread alone; its link is the reader's own.
  const named = [{ text: { contains: word } }, { headers: { path: ['References'], string_contains: word } }];
  const mails = await db.mail.findMany({ where: { OR: named } });
  return {
    history: history
      .map(({ actor, kind }) => `${actor} ${kind}`)
      .filter((line) => !line.endsWith('refused'))
      .sort(),
    mails: mails.map(({ toAddress, event }) => `${toAddress} ${event}`).sort(),
  };
}

async function stateOf(row: Draft): Promise<object> {
  const { db, clock } = runtime();
  const { verdict } = await loadCase(db, row, clock.now());
  const signatures = await db.signature.findMany({ where: { draftId: row.id } });
  return {
    ...{ state: row.state, revision: row.revision, counted: [...verdict.counted].sort(), met: verdict.met },
    signatures: signatures
      .map(({ personName, countedSlot, takenBackAt }) => [personName, countedSlot !== null, takenBackAt !== null])
      .map(String)
      .sort(),
  };
}
