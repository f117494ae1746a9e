// What a form asks of the next policy, in checked types: names and fingerprints read strictly, invitations and keys looked up by rows.
// The form is believed for nothing else; what follows from the wish is core's (next-policy.ts).
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readFingerprint, readInstant } from '#lib/core/ids.ts';
import type { PolicyWish, Removal } from '#lib/core/next-policy.ts';
import { personOfKey, type Policy, type PolicyPerson } from '#lib/core/policy.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { requireActiveKey } from './own-key.ts';

export type PolicyInput = {
  /** Ids of accepted invitations whose people it adds. */
  admit?: string[];
  /** Fingerprints of proven keys that its people added to their accounts; each is added to its person. */
  addKeys?: string[];
  /** Keys that leave in good standing (lost, replaced): what they signed keeps counting. Who has no other key leaves with it. */
  dropKeys?: string[];
  /** People who leave: retired (what they signed keeps counting) or struck (since a moment, or everything where it is null). */
  remove?: ({ name: string; how: 'retire' } | { name: string; how: 'strike'; since: string | null; reason: string })[];
  roles?: { name: string; role: PolicyPerson['role'] }[];
  /** What stays undefined stays as it is. */
  threshold?: number;
  ownerThreshold?: number;
  openerCounts?: boolean;
  waitHours?: number;
  fileSignatures?: boolean;
};

/** Refuses `input.not-a`, `invitation.not-accepted`, `invitation.not-confirmed`, `policy.key-of-nobody`, `policy.not-a-key-of`, `key.not-active`. */
export async function readWish(tx: Transaction, before: Policy, input: PolicyInput, now: Date): Promise<PolicyWish> {
  const { threshold, ownerThreshold, openerCounts, waitHours, fileSignatures } = input;
  return {
    ...{ threshold, ownerThreshold, openerCounts, waitHours, fileSignatures },
    admit: await readAdmitted(tx, before, input.admit ?? [], now),
    addKeys: await readAddedKeys(tx, before, input.addKeys ?? [], now),
    dropKeys: (input.dropKeys ?? []).map(readFingerprint),
    remove: (input.remove ?? []).map(readRemoval),
    roles: (input.roles ?? []).map(({ name, role }) => ({ name: readAccountName(name), role })),
  };
}

function readRemoval(claimed: NonNullable<PolicyInput['remove']>[number]): Removal {
  const name = readAccountName(claimed.name);
  if (claimed.how === 'retire') return { name, how: 'retire' };
  const since = claimed.since === null ? null : readInstant(claimed.since);
  return { name, how: 'strike', since, reason: claimed.reason };
}

/** A key of somebody who is not of the project is as unknown here as one that does not exist. */
async function readAddedKeys(
  tx: Transaction,
  before: Policy,
  fingerprints: string[],
  now: Date,
): Promise<NonNullable<PolicyWish['addKeys']>> {
  const added: { name: PolicyPerson['name']; key: PolicyPerson['keys'][number] }[] = [];
  for (const claimed of new Set(fingerprints)) {
    const row = await tx.key.findUnique({ where: { fingerprint: readFingerprint(claimed) } });
    const person = before.people.find(({ name }) => name === row?.personName);
    if (!person) throw refuse('policy.key-of-nobody', { key: claimed });
    const { fingerprint } = await requireActiveKey(tx, person.name, claimed, now);
    if (!personOfKey(before, fingerprint)) added.push({ name: person.name, key: fingerprint });
  }
  return added;
}

async function readAdmitted(tx: Transaction, before: Policy, ids: string[], now: Date): Promise<PolicyPerson[]> {
  const unique = [...new Set(ids)];
  const accepted = { admittedAt: null, revokedAt: null, acceptedBy: { not: null } };
  const where = { id: { in: unique }, projectName: before.project, ...accepted };
  const rows = await tx.invitation.findMany({ where, orderBy: { createdAt: 'asc' } });
  if (rows.length !== unique.length) throw refuse('invitation.not-accepted', {});
  const people: PolicyPerson[] = [];
  for (const row of rows) {
    const name = readAccountName(row.acceptedBy);
    if (row.confirmedAt === null) throw refuse('invitation.not-confirmed', { name });
    const { fingerprint } = await requireActiveKey(tx, name, readFingerprint(row.key), now);
    people.push({ name, role: row.role === 'owner' ? 'owner' : 'maintainer', keys: [fingerprint] });
  }
  return people;
}
