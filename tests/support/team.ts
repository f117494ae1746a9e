// A project for one round of a race: ada and dee own it, bo and chi maintain it, two of the four must sign. The people are made once, the project
// anew for each round; and everything that has become of it, in words that are the same from round to round.
import type { TestRuntime } from './runtime.ts';
import { changePolicy, inviteAndAccept, makePerson, makeProject, type TestPerson } from './story.ts';
import type { Draft } from '#lib/server/db/generated/client.ts';
import { loadCase } from '#lib/server/judge/load-case.ts';
import { runtime } from '#lib/server/runtime.ts';

export type Team = { ada: TestPerson; dee: TestPerson; bo: TestPerson; chi: TestPerson };

export const makeTeam = async (): Promise<Team> => ({
  ...{ ada: await makePerson('ada'), dee: await makePerson('dee') },
  ...{ bo: await makePerson('bo'), chi: await makePerson('chi') },
});

/** Answers the project's name. The clock moves, so that the newest mail is the newest. */
export async function makeTeamProject(world: TestRuntime, { ada, dee, bo, chi }: Team, name: string): Promise<string> {
  world.advance(1);
  const project = await makeProject(ada, name);
  const admit = [await inviteAndAccept(ada, project, dee, 'owner')];
  for (const person of [bo, chi]) admit.push(await inviteAndAccept(ada, project, person));
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
  const mails = await db.mail.findMany({ where: { text: { contains: word } } });
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
