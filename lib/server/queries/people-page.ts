// The people of a project and, for its owners, the invitations with their addresses (maintainers see names and states only).
import { readAccountName, readFingerprint } from '#lib/core/ids.ts';
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { Invitation as InvitationDatabaseRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { invitationState, type InvitationState } from '#lib/server/judge/invitation.ts';
import { loadOpenPolicy, loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
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

export type PeoplePage = {
  project: ProjectName;
  role: Role;
  people: ProjectPerson[];
  /** For people of the project; null for everybody else. */
  invitations: InvitationRow[] | null;
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
  return {
    ...{ project: name, role, policy, people: policy?.people ?? [], openPolicy: open?.version ?? null },
    invitations: isInside ? await loadInvitations(db, name, role, now) : null,
    may: {
      invite: may(role, 'person.invite'),
      propose: policy !== null && open === null && may(role, 'policy.propose'),
    },
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
