// The policy in force as pages show it: the numbers, the people, and for each key how it stands now.
import type { AccountName, Fingerprint, Sha256 } from '#lib/core/ids.ts';
import { isUsableKey, keyState, type KeyState } from '#lib/core/key.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadKeyRing, type KeyRing } from '#lib/server/judge/key-ring.ts';
import type { LoadedPolicy } from '#lib/server/judge/load-policy.ts';

export type ProjectPerson = {
  name: AccountName;
  role: 'owner' | 'maintainer';
  keys: { fingerprint: Fingerprint; state: KeyState | 'unknown' }[];
  /** At least one key is usable now. */
  canSign: boolean;
};

export type PolicyFacts = {
  version: number;
  sha256: Sha256;
  effectiveAt: Date;
  threshold: number;
  ownerThreshold: number;
  openerCounts: boolean;
  waitHours: number;
  fileSignatures: boolean;
  people: ProjectPerson[];
};

/** The facts of a policy with the keys of its people at `now`. */
export async function loadPolicyFacts(tx: Transaction, loaded: LoadedPolicy, now: Date): Promise<PolicyFacts> {
  const { policy, version, sha256 } = loaded;
  const { threshold, ownerThreshold, openerCounts, waitHours, fileSignatures } = policy;
  const ring = await loadKeyRing(
    tx,
    policy.people.flatMap((person) => person.keys),
  );
  return {
    ...{ version, sha256, threshold, ownerThreshold, openerCounts, waitHours, fileSignatures },
    effectiveAt: loaded.effectiveAt ?? loaded.proposedAt,
    people: peopleWithKeys(policy, ring, now),
  };
}

/** The people of a policy with their keys as these stand now. */
export function peopleWithKeys(policy: Policy, ring: KeyRing, now: Date): ProjectPerson[] {
  return policy.people.map(({ name, role, keys }) => ({
    ...{ name, role },
    keys: keys.map((fingerprint) => {
      const facts = ring.facts.get(fingerprint);
      return { fingerprint, state: facts ? keyState(facts, 'active', now.getTime()) : 'unknown' };
    }),
    canSign: keys.some((key) => isUsableKey(ring.facts.get(key), now.getTime())),
  }));
}
