// The certificates that a decision may use. Evidence brings any number of them under claimed names; only those are taken whose own
// primary fingerprint is the one a policy names (threats.md, 18: never a name from elsewhere). Nothing else about them is trusted.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import type { Policy } from '#lib/core/policy.ts';
import { readKeyRing } from '#lib/pgp/read-certificate.ts';

export type Keyring = { facts: ReadonlyMap<Fingerprint, KeyFacts>; certificates: ReadonlyMap<Fingerprint, Uint8Array> };

/**
 * Reads certificates (armored or not) that stand under the fingerprints that they claim. Refuses one that is another key. Expired,
 * revoked and weak ones are read: what they cannot do any more is in their facts.
 */
export async function readKeyring(claimed: ReadonlyMap<Fingerprint, Uint8Array>, at: number): Promise<Keyring> {
  const facts = new Map<Fingerprint, KeyFacts>();
  const certificates = new Map<Fingerprint, Uint8Array>();
  for (const [name, foreignBytes] of claimed) {
    const [certificate, ...more] = await readKeyRing(foreignBytes, at);
    if (certificate?.facts.primary !== name || more.length > 0)
      throw refuse('evidence.malformed', { why: `what stands under ${name} is not the certificate of that key alone` });
    facts.set(name, certificate.facts);
    certificates.set(name, certificate.bytes);
  }
  return { facts, certificates };
}

/** Every key that any of these policies gives to somebody. */
export function keysNamedIn(policies: readonly Policy[]): Set<Fingerprint> {
  return new Set(policies.flatMap((policy) => policy.people.flatMap((person) => person.keys)));
}

/** The certificates that the policies name, and no other. */
export function onlyNamed<T>(
  certificates: ReadonlyMap<Fingerprint, T>,
  policies: readonly Policy[],
): Map<Fingerprint, T> {
  const named = keysNamedIn(policies);
  return new Map([...certificates].filter(([key]) => named.has(key)));
}
