// Every version of a project's rules that is or was in force, newest first: when, by whose signatures, what it changed, and how to check it.
// Public, as the documents are. Who counted comes from core's evaluatePolicy over the signatures that are kept.
import { readFingerprint, type AccountName, type Fingerprint, type ProjectName, type Sha256 } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { policyPath } from '#lib/evidence/index-tree.ts';
import { judgePolicy, loadPolicyChain, type JudgedPolicy } from '#lib/server/judge/load-policy.ts';
import { standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { changesOf, sayCounts, type PolicyChange } from '#lib/core/say-policy.ts';

export type PolicyVersion = {
  version: number;
  sha256: Sha256;
  isInForce: boolean;
  proposedBy: AccountName;
  effectiveAt: Date;
  /** By whom it is signed, each once, with the key. */
  signedBy: { name: AccountName; key: Fingerprint }[];
  counts: string;
  changes: PolicyChange[];
  /** It follows the version before; false for the first one, and where a new chain begins. */
  follows: boolean;
  /** Its place in the index, below the root; the signatures are beside it. */
  path: string;
};

export type PolicyHistory = { project: ProjectName; versions: PolicyVersion[] };

/** Refuses `project.not-found`. */
export async function policyHistory(actor: Actor, claimed: string): Promise<PolicyHistory> {
  const { db, clock } = runtime();
  const { project } = await standingIn(db, actor, claimed);
  const versions: PolicyVersion[] = [];
  for (const loaded of await loadPolicyChain(db, project.name))
    versions.push(asVersion(await judgePolicy(db, loaded, clock.now())));
  return { project: project.name, versions: versions.reverse() };
}

function asVersion({ next, previous, signatures, verdict }: JudgedPolicy): PolicyVersion {
  const { version, sha256, proposedBy, effectiveAt, proposedAt, policy } = next;
  const counted = new Set(verdict.needs.flatMap((need) => need.counted));
  const signedBy = signatures
    .map((row) => ({ name: row.personName as AccountName, key: readFingerprint(row.key) }))
    .filter(({ name }) => counted.has(name));
  return {
    ...{ version, sha256, proposedBy, signedBy, isInForce: next.state === 'in-force' },
    effectiveAt: effectiveAt ?? proposedAt,
    counts: sayCounts(verdict.needs),
    changes: changesOf(previous?.policy ?? null, policy),
    follows: policy.previous !== null,
    path: `/${policyPath(next.project, version)}`,
  };
}
