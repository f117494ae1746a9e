// The page after sign-in: what needs me, what I am waiting for, what happened; and my projects and invitations.
// Trusts the actor it is given; reads only projects whose policy in force (or open policy) names the person.
import {
  readAccountName,
  readProjectName,
  readVersion,
  type AccountName,
  type ProjectName,
  type Version,
} from '#lib/core/ids.ts';
import { requirePerson, type Actor, type Role } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadDraftRows, type DraftRow } from './draft-rows.ts';
import { loadHistory } from './history-lines.ts';
import { loadPolicyFacts } from './policy-facts.ts';
import { loadPolicyRow, type PolicyRow } from './policy-rows.ts';

export type ProjectRow = {
  name: ProjectName;
  role: Role;
  /** null: version 1 is not signed yet. */
  threshold: number | null;
  people: number;
  /** People of the policy with a key that is usable now. */
  usablePeople: number;
  openDrafts: number;
  latestRelease: { version: Version; publishedAt: Date } | null;
};

/** To one of my addresses, or accepted by me and not yet admitted. */
export type MyInvitation = {
  project: ProjectName;
  role: 'owner' | 'maintainer';
  invitedBy: AccountName;
  expiresAt: Date;
  state: 'open' | 'accepted';
};

export type Home = {
  person: AccountName;
  needsMe: { drafts: DraftRow[]; policies: PolicyRow[] };
  waitingForOthers: { drafts: DraftRow[]; policies: PolicyRow[] };
  happened: HistoryLine[];
  projects: ProjectRow[];
  invitations: MyInvitation[];
  /** Keys that can sign now; 0 means that the first step is to add one. */
  usableKeys: number;
};

/** Everything for the front page of a signed-in person. Refuses `person.sign-in-first`. */
export async function home(actor: Actor): Promise<Home> {
  const name = requirePerson(actor);
  const { db, clock } = runtime();
  const now = clock.now();
  const names = await projectsOf(db, name);
  const drafts = await loadDraftRows(db, { projects: names, states: ['draft', 'approved'], reader: name, now });
  const policies = await loadMyPolicies(db, name, names, now);
  return {
    person: name,
    needsMe: { drafts: drafts.filter((row) => row.needsMe), policies: policies.filter((row) => row.needsMe) },
    waitingForOthers: {
      drafts: drafts.filter((row) => !row.needsMe),
      policies: policies.filter((row) => !row.needsMe),
    },
    happened: await loadHappened(db, name, names),
    projects: await Promise.all(names.map((project) => loadProjectRow(db, actor, project, drafts, now))),
    invitations: await loadMyInvitations(db, name, now),
    usableKeys: (await loadUsableKeys(db, name, now)).length,
  };
}

const happenedMost = 12;

/** In the person's projects, and in their account. */
function loadHappened(tx: Transaction, name: AccountName, projects: ProjectName[]): Promise<HistoryLine[]> {
  const where = { OR: [{ projectName: { in: projects } }, { personName: name, projectName: null }] };
  return loadHistory(tx, where, { isInside: (project) => projects.includes(project), place: 'project' }, happenedMost);
}

/** Where the person is in, and what they founded and have not signed yet. */
async function projectsOf(tx: Transaction, name: AccountName): Promise<ProjectName[]> {
  const memberships = await tx.membership.findMany({ where: { personName: name }, select: { projectName: true } });
  const founded = await tx.project.findMany({
    where: { createdBy: name, policyInForce: null },
    select: { name: true },
  });
  const all = [...memberships.map((row) => row.projectName), ...founded.map((row) => row.name)];
  return [...new Set(all)].sort().map(readProjectName);
}

/** Open changes in these projects, and those elsewhere that wait for the person as a new owner. */
async function loadMyPolicies(
  tx: Transaction,
  name: AccountName,
  names: ProjectName[],
  now: Date,
): Promise<PolicyRow[]> {
  const accepted = await tx.invitation.findMany({ where: { acceptedBy: name, admittedAt: null, revokedAt: null } });
  const entering = accepted
    .map((row) => readProjectName(row.projectName))
    .filter((project) => !names.includes(project));
  const rows: PolicyRow[] = [];
  for (const project of [...names, ...entering]) {
    const row = await loadPolicyRow(tx, project, name, now);
    if (row && (row.needsMe || names.includes(project))) rows.push(row);
  }
  return rows;
}

async function loadProjectRow(
  tx: Transaction,
  actor: Actor,
  name: ProjectName,
  drafts: DraftRow[],
  now: Date,
): Promise<ProjectRow> {
  const { role } = await standingIn(tx, actor, name);
  const inForce = await loadPolicyInForce(tx, name);
  const facts = inForce && (await loadPolicyFacts(tx, inForce, now));
  const people = facts?.people ?? [];
  const latest = await tx.draft.findFirst({
    where: { projectName: name, state: 'published' },
    orderBy: { publishedAt: 'desc' },
  });
  return {
    ...{
      name,
      role,
      threshold: facts?.threshold ?? null,
      people: people.length,
      usablePeople: people.filter((person) => person.canSign).length,
    },
    openDrafts: drafts.filter((row) => row.project === name).length,
    latestRelease: latest?.publishedAt
      ? { version: readVersion(latest.version), publishedAt: latest.publishedAt }
      : null,
  };
}

async function loadMyInvitations(tx: Transaction, name: AccountName, now: Date): Promise<MyInvitation[]> {
  const mine = await tx.address.findMany({ where: { personName: name }, select: { address: true } });
  const open = { address: { in: mine.map((row) => row.address) }, acceptedAt: null, expiresAt: { gt: now } };
  const where = { revokedAt: null, admittedAt: null, OR: [open, { acceptedBy: name }] };
  const rows = await tx.invitation.findMany({ where, orderBy: { createdAt: 'desc' } });
  return rows.map((row) => ({
    project: readProjectName(row.projectName),
    role: row.role === 'owner' ? 'owner' : 'maintainer',
    invitedBy: readAccountName(row.invitedBy),
    expiresAt: row.expiresAt,
    state: row.acceptedAt ? 'accepted' : 'open',
  }));
}
