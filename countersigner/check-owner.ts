// Has an owner signed this declaration, by the policy in force as we accepted it, the certificates that we keep, and our own clock? Pure, with plain
// data in and out (judges/turns.ts). Document and signature are hostile; first sightings are remembered in the state that it answers.
import type { IndexName } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { checkDeclaration, type CheckedDeclaration } from '#lib/evidence/check-declaration.ts';
import { readKeyring } from '#lib/evidence/keyring.ts';
import type { Certificates } from './certificates.ts';
import type { ProjectState } from './project-state.ts';
import { startSightings } from './sightings.ts';

export type OwnerInput = {
  index: IndexName;
  state: ProjectState;
  policy: Policy;
  certificates: Certificates;
  document: SignedBytes;
  now: number;
};

/** Refuses as checkDeclaration does. */
export async function checkOwner(input: OwnerInput): Promise<{ state: ProjectState; checked: CheckedDeclaration }> {
  const { index, policy, document, certificates, now } = input;
  const state = structuredClone(input.state);
  const { custodyOf } = startSightings(state, null, now);
  const keyring = await readKeyring(certificates, now);
  const known = { certificates: keyring.certificates.values(), keys: keyring.facts };
  const expected = { index, project: state.project };
  return { state, checked: await checkDeclaration({ expected, document, policy, ...known, custodyOf, hashing }) };
}
