// Policies from rows: the document is read from its bytes each time (the columns beside it only serve queries), and the
// change that is open is judged by core. One path for commands, queries and the hand-over.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readAccountName, readFingerprint, readProjectName, readSha256 } from '#lib/core/ids.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import { evaluatePolicy, type PolicySignature, type PolicyVerdict } from '#lib/core/policy-chain.ts';
import { readPolicy, type Policy } from '#lib/core/policy.ts';
import type { Policy as PolicyRow, PolicySignature as SignatureRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing, type KeyRing } from './key-ring.ts';

export type PolicyState = 'open' | 'in-force' | 'superseded' | 'withdrawn' | 'expired';

export type LoadedPolicy = {
  id: string;
  project: ProjectName;
  version: number;
  state: PolicyState;
  bytes: Uint8Array;
  sha256: Sha256;
  proposedBy: AccountName;
  proposedAt: Date;
  effectiveAt: Date | null;
  /** When it expires while open; null: never (the first policy). */
  deadline: Date | null;
  policy: Policy;
};

function fromRow(row: PolicyRow): LoadedPolicy {
  const { id, version, bytes, proposedAt, effectiveAt, deadline } = row;
  return {
    ...{ id, version, bytes, proposedAt, effectiveAt, deadline },
    project: readProjectName(row.projectName),
    state: row.state as PolicyState,
    sha256: readSha256(row.sha256),
    proposedBy: readAccountName(row.proposedBy),
    policy: readPolicy(row.bytes),
  };
}

/** The policy in force; null where version 1 is not signed yet. */
export async function loadPolicyInForce(tx: Transaction, project: ProjectName): Promise<LoadedPolicy | null> {
  const row = await tx.policy.findFirst({ where: { projectName: project, state: 'in-force' } });
  return row && fromRow(row);
}

/** The policy in force, or the refusal `project.no-policy`: nothing can be released before version 1 is signed. */
export async function requirePolicyInForce(tx: Transaction, project: ProjectName): Promise<LoadedPolicy> {
  const found = await loadPolicyInForce(tx, project);
  if (!found) throw refuse('project.no-policy', { project });
  return found;
}

/** The policies by which some drafts are judged, loaded at once. */
export type LoadedPolicies = {
  /** Refuses `project.no-policy`. */
  inForce: (project: ProjectName) => LoadedPolicy;
  /** Refuses `policy.not-found`. */
  version: (project: ProjectName, version: number) => LoadedPolicy;
  /** Every key that one of them names. */
  keys: Fingerprint[];
};

/** For each wish the policy in force, and the version of the chain where it names one (a record's). */
export async function loadPolicies(
  tx: Transaction,
  wishes: readonly { project: ProjectName; version: number | null }[],
): Promise<LoadedPolicies> {
  const projects = [...new Set(wishes.map(({ project }) => project))];
  const slots = wishes.flatMap(({ project, version }) => (version === null ? [] : [`${project}@${version}`]));
  const rows = await tx.policy.findMany({
    where: { OR: [{ projectName: { in: projects }, state: 'in-force' }, { chainSlot: { in: slots } }] },
  });
  const loaded = rows.map(fromRow);
  return {
    inForce: (project) => {
      const found = loaded.find((policy) => policy.project === project && policy.state === 'in-force');
      if (!found) throw refuse('project.no-policy', { project });
      return found;
    },
    version: (project, version) => {
      const found = loaded.find((policy) => policy.project === project && policy.version === version);
      if (!found) throw refuse('policy.not-found', { project, version });
      return found;
    },
    keys: loaded.flatMap(({ policy }) => policy.people.flatMap((person) => person.keys)),
  };
}

/** The change that waits for signatures, if there is one. */
export async function loadOpenPolicy(tx: Transaction, project: ProjectName): Promise<LoadedPolicy | null> {
  const row = await tx.policy.findUnique({ where: { openSlot: project } });
  return row && fromRow(row);
}

/** The changes that wait for signatures in these projects, in the order of the projects' names. */
export async function loadOpenPolicies(tx: Transaction, projects: readonly ProjectName[]): Promise<LoadedPolicy[]> {
  const where = { openSlot: { in: [...projects] } };
  return (await tx.policy.findMany({ where, orderBy: { projectName: 'asc' } })).map(fromRow);
}

/** The policies in force of these projects; one that has none is left out. */
export async function loadPoliciesInForce(tx: Transaction, projects: readonly ProjectName[]): Promise<LoadedPolicy[]> {
  const where = { projectName: { in: [...projects] }, state: 'in-force' };
  return (await tx.policy.findMany({ where })).map(fromRow);
}

/** One version: the one of the chain, else the open one of that number. Refuses `policy.not-found`. */
export async function loadPolicyVersion(tx: Transaction, project: ProjectName, version: number): Promise<LoadedPolicy> {
  const row =
    Number.isSafeInteger(version) && version > 0 && version < 2 ** 31
      ? ((await tx.policy.findUnique({ where: { chainSlot: `${project}@${version}` } })) ??
        (await tx.policy.findFirst({ where: { openSlot: project, version } })))
      : null;
  if (!row) throw refuse('policy.not-found', { project, version });
  return fromRow(row);
}

/** All versions that are or were in force, oldest first. */
export async function loadPolicyChain(tx: Transaction, project: ProjectName): Promise<LoadedPolicy[]> {
  const where = { projectName: project, state: { in: ['in-force', 'superseded'] } };
  return (await tx.policy.findMany({ where, orderBy: { version: 'asc' } })).map(fromRow);
}

export type JudgedPolicy = {
  next: LoadedPolicy;
  previous: LoadedPolicy | null;
  /** The policy whose people decide: the one before; null where the founders do, of the project or of a new chain. */
  rules: Policy | null;
  signatures: SignatureRow[];
  ring: KeyRing;
  verdict: PolicyVerdict;
};

/** Judges a policy by the signatures in rows, against the one before it. `now` decides who could still sign. */
export async function judgePolicy(tx: Transaction, next: LoadedPolicy, now: Date): Promise<JudgedPolicy> {
  const previous = next.version === 1 ? null : await loadPolicyVersion(tx, next.project, next.version - 1);
  const signatures = await tx.policySignature.findMany({ where: { policyId: next.id }, orderBy: { received: 'asc' } });
  const people = [...(previous?.policy.people ?? []), ...next.policy.people];
  const named = [...people.flatMap((person) => person.keys), ...signatures.map((row) => readFingerprint(row.key))];
  const ring = await loadKeyRing(tx, named);
  const rules = previous && !beginsNewChain(next.policy) ? previous.policy : null;
  const verdict = evaluatePolicy(rules, next.policy, signatures.map(handedOf), ring.facts, now.getTime());
  return { next, previous, rules, signatures, ring, verdict };
}

function handedOf(row: SignatureRow): PolicySignature {
  const facts = {
    packetSha256: readSha256(row.packetSha256),
    key: readFingerprint(row.key) satisfies Fingerprint,
    issuer: readFingerprint(row.issuer),
    made: row.made.getTime(),
    ...{ expires: null, hash: '', defect: null },
  };
  return { facts, received: row.received.getTime() };
}
