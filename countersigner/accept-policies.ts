// New policies of a project, decided from the chain that was accepted before. The first one is believed as first contact: nobody signed
// for the project earlier. Afterwards only a chain signed by those who must sign it moves on (threats.md, 97).
import type { ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Evidence } from '#lib/evidence/bundle.ts';
import { checkPolicies, type AcceptedPolicy, type FollowingPolicy } from '#lib/evidence/check-policies.ts';
import { policyPath } from '#lib/evidence/index-tree.ts';
import { onlyNamed, readKeyring } from '#lib/evidence/keyring.ts';
import { mergeKnown, type Certificates } from './certificates.ts';
import type { ProjectState } from './project-state.ts';
import { startSightings } from './sightings.ts';

/** The accepted chain, from our own copy of the tree. */
export function readAccepted(readTree: (path: string) => Uint8Array | null, state: ProjectState): AcceptedPolicy[] {
  return state.policies.map((sha256, at) => {
    const bytes = readTree(policyPath(state.project, at + 1));
    if (!bytes || hashing.sha256(bytes) !== sha256)
      throw new Error(`Our own copy of policy ${at + 1} of ${state.project} is not the accepted one.`);
    return { policy: readPolicy(bytes), sha256 };
  });
}

export type PolicyStep = { state: ProjectState; certificates: Certificates; following: FollowingPolicy[] };

/** What the evidence adds to the chain; nothing is changed when it is refused (checkPolicies says with which code). */
export async function acceptPolicies(
  project: ProjectName,
  given: {
    state: ProjectState;
    accepted: readonly AcceptedPolicy[];
    known: Certificates;
    evidence: Evidence;
    mayBeginAnew: (sha256: Sha256) => boolean;
    now: number;
  },
): Promise<PolicyStep> {
  const { accepted, known, evidence, mayBeginAnew, now } = given;
  const state = structuredClone(given.state);
  const claimed = evidence.policies.map((entry) => readPolicy(entry.bytes));
  const certificates = await mergeKnown(known, onlyNamed(evidence.certificates, claimed), now);
  const { custodyOf } = startSightings(state, null, now);
  const keyring = await readKeyring(certificates, now);
  const judged = {
    project,
    known: accepted,
    policies: evidence.policies,
    keyring,
    custodyOf,
    mayBeginAnew,
    now,
    hashing,
  };
  return { state, certificates, following: await checkPolicies(judged) };
}
