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
import type { Actor, Role } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { loadKeyRing } from '#lib/server/judge/key-ring.ts';
import { loadPoliciesInForce } from '#lib/server/judge/load-policy.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { DraftRow } from './draft-rows.ts';
import { loadHistory } from './history-lines.ts';
import { newestEntries } from './newest-entries.ts';
import { needsOfPerson, type Needs } from './needs.ts';
import { peopleWithKeys } from './policy-facts.ts';
import { loadLastReminders } from './reminders-of-draft.ts';

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

export type Home = Pick<Needs, 'person' | 'needsMe'> & {
  waitingForOthers: Omit<Needs['waitingForOthers'], 'drafts'> & {
    drafts: (DraftRow & { lastRemindedAt: Date | null })[];
  };
  happened: HistoryLine[];
  projects: ProjectRow[];
  invitations: MyInvitation[];
  /** Keys in the account, and those that can sign now; 0 means that the first step is to add or prove one. */
  keys: number;
  usableKeys: number;
};

/** Everything for the front page of a signed-in person. `needs`: where they were asked already. Refuses `person.sign-in-first`. */
export async function home(actor: Actor, needs?: Needs): Promise<Home> {
  const { person, needsMe, waitingForOthers, roles, usableKeys } = needs ?? (await needsOfPerson(actor));
  const { db, clock } = runtime();
  const now = clock.now();
  const drafts = [...needsMe.drafts, ...waitingForOthers.drafts];
  return {
    ...{ person, needsMe },
    waitingForOthers: { ...waitingForOthers, drafts: await withReminders(db, waitingForOthers.drafts) },
    projects: await loadProjectRows(db, roles, drafts, now),
    happened: await loadHappened(db, person, [...roles.keys()]),
    invitations: await loadMyInvitations(db, person, now),
    keys: await db.key.count({ where: { personName: person } }),
    usableKeys: usableKeys.length,
  };
}

async function withReminders(tx: Transaction, drafts: DraftRow[]): Promise<Home['waitingForOthers']['drafts']> {
  const last = await loadLastReminders(
    tx,
    drafts.map(({ id }) => id),
  );
  return drafts.map((draft) => ({ ...draft, lastRemindedAt: last.get(draft.id) ?? null }));
}

/** How many entries of history stand on the front page. */
export const happenedMost = 12;

/** In the person's projects, and in their account. */
async function loadHappened(tx: Transaction, name: AccountName, projects: ProjectName[]): Promise<HistoryLine[]> {
  const where = { id: { in: await newestEntries(tx, name, projects, happenedMost) } };
  return loadHistory(tx, where, { isInside: (project) => projects.includes(project), place: 'project' }, happenedMost);
}

async function loadProjectRows(
  tx: Transaction,
  roles: Needs['roles'],
  drafts: readonly DraftRow[],
  now: Date,
): Promise<ProjectRow[]> {
  const names = [...roles.keys()];
  const policies = await loadPoliciesInForce(tx, names);
  const keys = policies.flatMap(({ policy }) => policy.people.flatMap((person) => person.keys));
  const ring = await loadKeyRing(tx, keys);
  const latest = await loadLatestReleases(tx, names);
  return [...roles].map(([name, role]) => {
    const policy = policies.find(({ project }) => project === name)?.policy;
    const people = policy ? peopleWithKeys(policy, ring, now) : [];
    return {
      ...{ name, role, threshold: policy?.threshold ?? null, people: people.length },
      openDrafts: drafts.filter((draft) => draft.project === name && draft.state !== 'quarantined').length,
      usablePeople: people.filter((person) => person.canSign).length,
      latestRelease: latest.get(name) ?? null,
    };
  });
}

type Latest = NonNullable<ProjectRow['latestRelease']>;

async function loadLatestReleases(tx: Transaction, names: ProjectName[]): Promise<Map<string, Latest>> {
  const newest = await tx.draft.groupBy({
    by: ['projectName'],
    where: { projectName: { in: names }, state: 'published' },
    _max: { publishedAt: true },
  });
  const at = newest.map(({ projectName, _max }) => ({ projectName, publishedAt: _max.publishedAt }));
  const rows = at.length === 0 ? [] : await tx.draft.findMany({ where: { state: 'published', OR: at } });
  return new Map(
    rows.flatMap(({ projectName, version, publishedAt }) =>
      publishedAt === null ? [] : [[projectName, { version: readVersion(version), publishedAt }] as const],
    ),
  );
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
