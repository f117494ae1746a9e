// Proposes the next policy: the one in force with accepted invitations admitted, keys of its people added or retired, other numbers.
// It changes nothing until those who must have signed it. One open change a project (a unique slot holds that).
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, readAccountName, renderInstant, type ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import type { Policy, PolicyPerson } from '#lib/core/policy.ts';
import { change, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { judgePolicy, loadOpenPolicy, requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { requireActiveKey } from '#lib/server/judge/own-key.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { retireKeys } from '#lib/server/judge/retire-keys.ts';
import { storeProposal } from '#lib/server/judge/store-proposal.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { policyOpenedLetter } from '#lib/server/mail/letters/policy-opened.ts';

export type ProposePolicyInput = {
  project: string;
  /** Ids of accepted invitations whose people it adds. */
  admit?: string[];
  /** Keys that leave in good standing (lost, replaced): what they signed keeps counting. Who has no other key leaves with it. */
  retireKeys?: string[];
  /** Fingerprints of proven keys that its people added to their accounts; each is added to its person. */
  addKeys?: string[];
  /** What stays undefined stays as it is. */
  threshold?: number;
  ownerThreshold?: number;
  openerCounts?: boolean;
  waitHours?: number;
  fileSignatures?: boolean;
};

/**
 * @throws `person.…`, `session.not-fresh`, `project.…`, `policy.already-open`, `policy.changes-nothing`, `policy.malformed`, `policy.key-of-nobody`,
 * `policy.not-a-key-of`, `policy.last-owner`, `invitation.not-accepted`, `key.not-active`
 */
export async function proposePolicy(
  actor: Actor,
  input: ProposePolicyInput,
): Promise<{ project: ProjectName; version: number }> {
  return change(actor, 'web', async (work) => {
    const { tx } = work;
    const { project, name } = await requireRight(tx, actor, 'policy.propose', input.project);
    requireFresh(actor, work.now.getTime());
    await lockRow(tx, 'Project', project.name);
    const previous = await requirePolicyInForce(tx, project.name);
    const open = await loadOpenPolicy(tx, project.name);
    if (open) throw refuse('policy.already-open', { project: project.name, version: open.version });
    const proposed = await nextPolicy(work, previous.policy, input);
    const next = await storeProposal(work, previous, { ...proposed, previous: previous.sha256 });
    const { verdict } = await judgePolicy(tx, next, work.now);
    const letter = policyOpenedLetter({
      ...{ project: project.name, version: next.version, proposedBy: name, threshold: next.policy.threshold },
      people: next.policy.people.map((person) => person.name),
      document: { sha256: next.sha256, size: next.bytes.length },
    });
    await tellPeople(work, verdict.couldStillSign, () => letter);
    return { project: project.name, version: next.version };
  });
}

async function nextPolicy(work: Change, before: Policy, input: ProposePolicyInput): Promise<Policy> {
  const admitted = await readAdmitted(work, before, input.admit ?? []);
  const date = renderInstant(work.now.getTime());
  const added = await withKeys(work, before, input.addKeys ?? []);
  const { people, retired } = retireKeys(before, added, { claimed: input.retireKeys ?? [], since: date });
  const next: Policy = {
    ...before,
    version: before.version + 1,
    threshold: input.threshold ?? before.threshold,
    ownerThreshold: input.ownerThreshold ?? before.ownerThreshold,
    openerCounts: input.openerCounts ?? before.openerCounts,
    waitHours: input.waitHours ?? before.waitHours,
    fileSignatures: input.fileSignatures ?? before.fileSignatures,
    people: [...people, ...admitted],
    retired,
    date,
  };
  const same = { ...next, version: before.version, date: before.date };
  if (JSON.stringify(same) === JSON.stringify(before)) throw refuse('policy.changes-nothing', {});
  return next;
}

/** A key of somebody who is not of the project is as unknown here as one that does not exist. */
async function withKeys(work: Change, before: Policy, fingerprints: string[]): Promise<readonly PolicyPerson[]> {
  let people = before.people;
  for (const claimed of new Set(fingerprints)) {
    const row = await work.tx.key.findUnique({ where: { fingerprint: readFingerprint(claimed) } });
    const person = people.find(({ name }) => name === row?.personName);
    if (!person) throw refuse('policy.key-of-nobody', { key: claimed });
    const { fingerprint } = await requireActiveKey(work.tx, person.name, claimed, work.now);
    if (person.keys.includes(fingerprint)) continue;
    const keys = [...person.keys, fingerprint];
    people = people.map((other) => (other === person ? { ...person, keys } : other));
  }
  return people;
}

async function readAdmitted(work: Change, before: Policy, ids: string[]): Promise<PolicyPerson[]> {
  const unique = [...new Set(ids)];
  const where = {
    id: { in: unique },
    projectName: before.project,
    admittedAt: null,
    revokedAt: null,
    acceptedBy: { not: null },
  };
  const rows = await work.tx.invitation.findMany({ where, orderBy: { createdAt: 'asc' } });
  if (rows.length !== unique.length) throw refuse('invitation.not-accepted', {});
  const people: PolicyPerson[] = [];
  for (const row of rows) {
    const name = readAccountName(row.acceptedBy);
    if (before.people.some((person) => person.name === name)) throw refuse('invitation.already-in', { name });
    const { fingerprint } = await requireActiveKey(work.tx, name, readFingerprint(row.key), work.now);
    people.push({ name, role: row.role === 'owner' ? 'owner' : 'maintainer', keys: [fingerprint] });
  }
  return people;
}
