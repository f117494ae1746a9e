// New policies of a project, decided from the chain that was accepted before. The first one is believed as first contact: nobody signed
// for the project earlier. Afterwards only a chain signed by those who must sign it moves on (threats.md, 97).
import type { ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readBundle } from '#lib/evidence/bundle.ts';
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

export type PoliciesInput = {
  project: ProjectName;
  bundle: Uint8Array;
  state: ProjectState;
  accepted: readonly AcceptedPolicy[];
  known: Certificates;
  /** Documents that may begin the chain anew. */
  newChains: readonly Sha256[];
  now: number;
};

/** What the bundle adds to the chain; nothing is changed when it is refused (checkPolicies says with which code). Pure (judges/turns.ts). */
export async function acceptPolicies(given: PoliciesInput): Promise<PolicyStep> {
  const { project, accepted, known, newChains, now } = given;
  const state = structuredClone(given.state);
  const { policies, certificates: copies } = await readBundle(given.bundle);
  const claimed = policies.map((entry) => readPolicy(entry.bytes));
  const certificates = await mergeKnown(known, onlyNamed(copies, claimed), now);
  const { custodyOf } = startSightings(state, null, now);
  const keyring = await readKeyring(certificates, now);
  const mayBeginAnew = (sha256: Sha256): boolean => newChains.includes(sha256);
  const judged = { project, known: accepted, policies, keyring, custodyOf, mayBeginAnew, now, hashing };
  return { state, certificates, following: await checkPolicies(judged) };
}
