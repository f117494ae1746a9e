// What waits for a person, in all their projects: drafts and policies to sign, people to confirm, keys that end soon; and what they wait for
// others with. Asked on every page (the count in the navigation), so the number of queries does not grow with drafts or projects.
import {
  readAccountName,
  readFingerprint,
  readProjectName,
  type AccountName,
  type Fingerprint,
  type ProjectName,
} from '#lib/core/ids.ts';
import { requireQueue, type Actor, type Role } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadUsableKeys, type MyKey } from '#lib/server/judge/my-keys.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadDraftRows, type DraftRow } from './draft-rows.ts';
import { loadPolicyRows, type PolicyRow } from './policy-rows.ts';

/** Somebody accepted an invitation; an owner compares their key, then proposes the policy that adds them. */
export type WaitingPerson = { project: ProjectName; name: AccountName; isConfirmed: boolean };
export type EndingKey = { fingerprint: Fingerprint; ends: Date };

export type Needs = {
  person: AccountName;
  /** The projects that the person is in, by name, with their role. */
  roles: Map<ProjectName, Role>;
  /** Those, and the ones that the person has accepted an invitation to: what happens in them may concern the person. */
  projects: ProjectName[];
  usableKeys: MyKey[];
  needsMe: { drafts: DraftRow[]; policies: PolicyRow[]; people: WaitingPerson[]; keys: EndingKey[] };
  waitingForOthers: { drafts: DraftRow[]; policies: PolicyRow[] };
};

const soonMs = 30 * 86_400_000;

/** How many things wait for this person's signature. */
export const countNeeds = ({ needsMe }: Pick<Needs, 'needsMe'>): number =>
  needsMe.drafts.length + needsMe.policies.length;

/** Of whoever is signed in, or shows a token for it. Refuses `person.sign-in-first`, `token.not-for-this`. */
export async function needsOfPerson(actor: Actor): Promise<Needs> {
  const person = requireQueue(actor);
  const { db, clock } = runtime();
  const now = clock.now();
  const roles = await loadRoles(db, person);
  const projects = [...roles.keys()];
  const drafts = await loadDraftRows(db, {
    projects,
    states: ['draft', 'approved', 'quarantined'],
    reader: person,
    now,
  });
  const accepted = await loadAccepted(db, person, roles);
  const concerning = [...projects, ...accepted.entering];
  const policies = await loadPolicyRows(db, concerning, person, now);
  const mine = policies.filter((row) => row.needsMe || roles.has(row.project));
  const usableKeys = await loadUsableKeys(db, person, now);
  const isOpen = new Set(policies.map((row) => row.project));
  return {
    ...{ person, roles, projects: concerning, usableKeys },
    needsMe: {
      drafts: drafts.filter((row) => row.needsMe),
      policies: mine.filter((row) => row.needsMe),
      people: accepted.waiting.filter((waiting) => !waiting.isConfirmed || !isOpen.has(waiting.project)),
      keys: usableKeys.flatMap(({ fingerprint, expires }) => endsSoon(fingerprint, expires, now)),
    },
    waitingForOthers: {
      drafts: drafts.filter((row) => !row.needsMe),
      policies: mine.filter((row) => !row.needsMe),
    },
  };
}

function endsSoon(fingerprint: Fingerprint, expires: Date | null, now: Date): EndingKey[] {
  if (expires === null || expires.getTime() - now.getTime() > soonMs) return [];
  return [{ fingerprint: readFingerprint(fingerprint), ends: expires }];
}

/** Where the person is in, and what they founded and have not signed yet; in the order of the names. */
async function loadRoles(tx: Transaction, person: AccountName): Promise<Map<ProjectName, Role>> {
  const memberships = await tx.membership.findMany({ where: { personName: person } });
  const where = { createdBy: person, policyInForce: null };
  const founded = await tx.project.findMany({ where, select: { name: true } });
  const roles = [
    ...memberships.map(({ projectName, role }) => [projectName, role === 'owner' ? 'owner' : 'maintainer'] as const),
    ...founded.map(({ name }) => [name, 'owner'] as const),
  ];
  return new Map(roles.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, role]) => [readProjectName(name), role]));
}

type Accepted = { waiting: WaitingPerson[]; entering: ProjectName[] };

/** Accepted invitations that no policy has followed yet: of others into the person's projects, and of the person into others. */
async function loadAccepted(tx: Transaction, person: AccountName, roles: Map<ProjectName, Role>): Promise<Accepted> {
  const owned = [...roles].flatMap(([name, role]) => (role === 'owner' ? [name] : []));
  const rows = await tx.invitation.findMany({
    where: {
      ...{ admittedAt: null, revokedAt: null, acceptedBy: { not: null } },
      OR: [{ projectName: { in: owned } }, { acceptedBy: person }],
    },
    orderBy: { acceptedAt: 'asc' },
  });
  const read = rows.map((row) => ({
    project: readProjectName(row.projectName),
    name: readAccountName(row.acceptedBy),
    isConfirmed: row.confirmedAt !== null,
  }));
  return {
    waiting: read.filter(({ project, name }) => name !== person && roles.get(project) === 'owner'),
    entering: read.flatMap(({ project, name }) => (name === person && !roles.has(project) ? [project] : [])),
  };
}
