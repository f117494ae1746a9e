// The people of a project and, for its owners, the invitations with their addresses (maintainers see names and states only).
import { readAccountName, readFingerprint } from '#lib/core/ids.ts';
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { Invitation as InvitationDatabaseRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { invitationState, type InvitationState } from '#lib/server/judge/invitation.ts';
import { loadOpenPolicy, loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadPolicyFacts, type PolicyFacts, type ProjectPerson } from './policy-facts.ts';

export type InvitationRow = {
  id: string;
  /** null for everybody but owners. */
  address: string | null;
  role: 'owner' | 'maintainer';
  invitedBy: AccountName;
  createdAt: Date;
  expiresAt: Date;
  state: InvitationState;
  acceptedBy: AccountName | null;
  acceptedAt: Date | null;
  key: Fingerprint | null;
};

/** A proven key that somebody of the project added to their account since. */
export type NewKey = { name: AccountName; fingerprint: Fingerprint; userId: string };

export type PeoplePage = {
  project: ProjectName;
  role: Role;
  people: ProjectPerson[];
  /** For people of the project; null for everybody else. */
  invitations: InvitationRow[] | null;
  /** For its owners, while they may propose: usable keys of its people that the policy does not name. */
  newKeys: NewKey[];
  /** What a proposal starts from; null while no policy is in force. */
  policy: PolicyFacts | null;
  /** Version of the open change, which must be signed or withdrawn before the next one. */
  openPolicy: number | null;
  may: { invite: boolean; propose: boolean };
};

/** Refuses `project.not-found`. */
export async function peoplePage(actor: Actor, project: string): Promise<PeoplePage> {
  const { db, clock } = runtime();
  const now = clock.now();
  const standing = await standingIn(db, actor, project);
  const { role } = standing;
  const { name } = standing.project;
  const inForce = await loadPolicyInForce(db, name);
  const policy = inForce && (await loadPolicyFacts(db, inForce, now));
  const isInside = seesDrafts(role);
  const open = isInside ? await loadOpenPolicy(db, name) : null;
  const people = policy?.people ?? [];
  const canPropose = mayPropose(role, people, open !== null);
  return {
    ...{ project: name, role, policy, people, openPolicy: open?.version ?? null },
    invitations: isInside ? await loadInvitations(db, name, role, now) : null,
    newKeys: canPropose ? await loadNewKeys(db, people, now) : [],
    may: { invite: may(role, 'person.invite'), propose: canPropose },
  };
}

/** Whose key this is on the page: of the policy in force, else of an accepted invitation that the reader sees; null: nobody's. */
export function keyHolder(
  { people, invitations }: PeoplePage,
  claimed: string,
): { name: AccountName; key: Fingerprint; isNamed: boolean } | null {
  const named = people.flatMap(({ name, keys }) => keys.map((key) => ({ name, key: key.fingerprint, isNamed: true })));
  const accepted = (invitations ?? []).flatMap(({ state, acceptedBy, key }) =>
    state === 'accepted' && acceptedBy !== null && key !== null ? [{ name: acceptedBy, key, isNamed: false }] : [],
  );
  return [...named, ...accepted].find(({ key }) => key === claimed) ?? null;
}

const mayPropose = (role: Role, people: readonly ProjectPerson[], isOpen: boolean): boolean =>
  people.length > 0 && !isOpen && may(role, 'policy.propose');

async function loadNewKeys(tx: Transaction, people: readonly ProjectPerson[], now: Date): Promise<NewKey[]> {
  const found: NewKey[] = [];
  for (const { name, keys } of people) {
    const named = new Set(keys.map((key) => key.fingerprint));
    const usable = await loadUsableKeys(tx, name, now);
    const rows = usable.filter(({ fingerprint }) => !named.has(fingerprint));
    found.push(...rows.map(({ fingerprint, userId }) => ({ name, fingerprint, userId })));
  }
  return found;
}

async function loadInvitations(
  tx: Transaction,
  project: ProjectName,
  reader: Role,
  now: Date,
): Promise<InvitationRow[]> {
  const rows = await tx.invitation.findMany({ where: { projectName: project }, orderBy: { createdAt: 'desc' } });
  return rows.map((row) => asInvitationRow(row, reader, now));
}

function asInvitationRow(row: InvitationDatabaseRow, reader: Role, now: Date): InvitationRow {
  const { id, createdAt, expiresAt, acceptedAt } = row;
  return {
    ...{ id, createdAt, expiresAt, acceptedAt },
    address: reader === 'owner' ? row.address : null,
    role: row.role === 'owner' ? 'owner' : 'maintainer',
    invitedBy: readAccountName(row.invitedBy),
    state: invitationState(row, now),
    acceptedBy: row.acceptedBy === null ? null : readAccountName(row.acceptedBy),
    key: row.key === null ? null : readFingerprint(row.key),
  };
}
