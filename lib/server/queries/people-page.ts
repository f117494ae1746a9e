// The people of a project: who may sign and since when, who left in good standing, who was struck; and, for its people, the invitations (addresses
// for owners only). Those who sign and signed are public, as the policies are.
import { readAccountName, readFingerprint } from '#lib/core/ids.ts';
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { Invitation as InvitationDatabaseRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { invitationState, type InvitationState } from '#lib/server/judge/invitation.ts';
import { loadOpenPolicy, loadPolicyChain, loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { arrivalsOf, endedOf, type Arrivals, type EndedPerson } from './people-dates.ts';
import { loadMailTrouble, type MailTrouble } from './mail-trouble.ts';
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
  confirmedBy: AccountName | null;
  confirmedAt: Date | null;
};

/** `since`: when a policy first named them, or the key. */
export type ActivePerson = Omit<ProjectPerson, 'keys'> & {
  since: Date | null;
  keys: (ProjectPerson['keys'][number] & { since: Date | null })[];
};

/** A proven key that somebody of the project added to their account since. */
export type NewKey = { name: AccountName; fingerprint: Fingerprint; userId: string };

export type PeoplePage = {
  project: ProjectName;
  role: Role;
  people: ActivePerson[];
  retired: EndedPerson[];
  struck: EndedPerson[];
  /** For people of the project; null for everybody else. */
  invitations: InvitationRow[] | null;
  /** For its owners, while they may propose: usable keys of its people that the policy does not name. */
  newKeys: NewKey[];
  /** What a proposal starts from; null while no policy is in force. */
  policy: PolicyFacts | null;
  /** Version of the open change, which must be signed or withdrawn before the next one. */
  openPolicy: number | null;
  /** The reader's own name, where they are one of the people: they may leave. */
  me: AccountName | null;
  /** For owners: whose mail about the project does not arrive. */
  mailTrouble: MailTrouble[];
  may: { invite: boolean; confirm: boolean; propose: boolean };
};

/** Refuses `project.not-found`. */
export async function peoplePage(actor: Actor, project: string): Promise<PeoplePage> {
  const { db, clock } = runtime();
  const now = clock.now();
  const standing = await standingIn(db, actor, project);
  const { role } = standing;
  const { name } = standing.project;
  const isInside = seesDrafts(role);
  const open = isInside ? await loadOpenPolicy(db, name) : null;
  const everybody = await loadEverybody(db, name, now);
  const { people } = everybody;
  const canPropose = mayPropose(role, people, open !== null);
  return {
    ...{ project: name, role, ...everybody, openPolicy: open?.version ?? null },
    me: people.find((person) => actor.kind === 'person' && person.name === actor.name)?.name ?? null,
    invitations: isInside ? await loadInvitations(db, name, role, now) : null,
    mailTrouble: may(role, 'mail.see-trouble') ? await loadMailTrouble(db, { projectName: name }, now) : [],
    newKeys: canPropose ? await loadNewKeys(db, everybody, now) : [],
    may: { invite: may(role, 'person.invite'), confirm: may(role, 'person.confirm'), propose: canPropose },
  };
}

/** What the chain of policies says of people: public, as it is. */
async function loadEverybody(
  tx: Transaction,
  project: ProjectName,
  now: Date,
): Promise<Pick<PeoplePage, 'policy' | 'people' | 'retired' | 'struck'>> {
  const inForce = await loadPolicyInForce(tx, project);
  const policy = inForce && (await loadPolicyFacts(tx, inForce, now));
  const chain = await loadPolicyChain(tx, project);
  return { policy, people: withDates(policy?.people ?? [], arrivalsOf(chain)), ...endedOf(chain) };
}

const withDates = (people: readonly ProjectPerson[], arrivals: Arrivals): ActivePerson[] =>
  people.map((person) => ({
    ...person,
    since: arrivals.people.get(person.name) ?? null,
    keys: person.keys.map((key) => ({ ...key, since: arrivals.keys.get(key.fingerprint) ?? null })),
  }));

/** `accepted`: no policy names the key yet; somebody accepted this invitation with it. */
export type KeyHolder = { name: AccountName; key: Fingerprint; accepted: InvitationRow | null };

/** Whose key this is on the page: of the policy in force, else of an accepted invitation that the reader sees; null: nobody's. */
export function keyHolder({ people, invitations }: PeoplePage, claimed: string): KeyHolder | null {
  const named = people.flatMap(({ name, keys }) => keys.map((key) => ({ name, key: key.fingerprint, accepted: null })));
  const accepted = (invitations ?? []).flatMap((row) =>
    row.state === 'accepted' && row.acceptedBy !== null && row.key !== null
      ? [{ name: row.acceptedBy, key: row.key, accepted: row }]
      : [],
  );
  return [...named, ...accepted].find(({ key }) => key === claimed) ?? null;
}

const mayPropose = (role: Role, people: readonly ProjectPerson[], isOpen: boolean): boolean =>
  people.length > 0 && !isOpen && may(role, 'policy.propose');

/** A key that was retired or struck here is not offered again, though it may still be usable. */
async function loadNewKeys(
  tx: Transaction,
  { people, retired, struck }: Pick<PeoplePage, 'people' | 'retired' | 'struck'>,
  now: Date,
): Promise<NewKey[]> {
  const named = people.flatMap(({ keys }) => keys.map((key) => key.fingerprint));
  const known = new Set([...named, ...[...retired, ...struck].flatMap(({ keys }) => keys)]);
  const found: NewKey[] = [];
  for (const { name } of people) {
    const usable = await loadUsableKeys(tx, name, now);
    const rows = usable.filter(({ fingerprint }) => !known.has(fingerprint));
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
  const { id, createdAt, expiresAt, acceptedAt, confirmedAt } = row;
  return {
    ...{ id, createdAt, expiresAt, acceptedAt, confirmedAt },
    address: reader === 'owner' ? row.address : null,
    role: row.role === 'owner' ? 'owner' : 'maintainer',
    invitedBy: readAccountName(row.invitedBy),
    state: invitationState(row, now),
    acceptedBy: row.acceptedBy === null ? null : readAccountName(row.acceptedBy),
    key: row.key === null ? null : readFingerprint(row.key),
    confirmedBy: row.confirmedBy === null ? null : readAccountName(row.confirmedBy),
  };
}
