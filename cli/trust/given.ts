// Fingerprints and digests that a person gives on the command line, because they compared them elsewhere: what stands in for somebody at a terminal.
// They are typed or pasted, so spaces and case are forgiven; everything else is refused.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, readSha256, type Fingerprint, type ProjectName, type Sha256 } from '#lib/core/ids.ts';
import { normaliseProjectName } from '#lib/python/names.ts';

export type GivenOptions = {
  /** Fingerprint of the index key. */
  indexKey?: string | undefined;
  /** SHA-256 of a TUF root of the index. */
  rootFingerprint?: string | undefined;
  /** `NAME=SHA256` of a policy, each. */
  policy?: readonly string[] | undefined;
  /** `NAME=FINGERPRINT` of an owner's key, each. */
  owner?: readonly string[] | undefined;
};

export type Given = {
  indexKey: Fingerprint | null;
  root: Sha256 | null;
  policies: ReadonlyMap<ProjectName, Sha256>;
  owners: ReadonlyMap<ProjectName, readonly Fingerprint[]>;
};

const plain = (text: string): string => text.replaceAll(/[\s:]/g, '');

/** What was given. Refuses `input.not-a`. */
export function readGiven({ indexKey, rootFingerprint, policy = [], owner = [] }: GivenOptions): Given {
  const owners = new Map<ProjectName, Fingerprint[]>();
  for (const [name, key] of owner.map(readPair))
    owners.set(name, [...(owners.get(name) ?? []), readFingerprint(plain(key).toUpperCase())]);
  return {
    indexKey: indexKey === undefined ? null : readFingerprint(plain(indexKey).toUpperCase()),
    root: rootFingerprint === undefined ? null : readSha256(plain(rootFingerprint).toLowerCase()),
    policies: new Map(policy.map(readPair).map(([name, sha256]) => [name, readSha256(plain(sha256).toLowerCase())])),
    owners,
  };
}

function readPair(claimed: string): [ProjectName, string] {
  const [name = '', value = '', ...more] = claimed.split('=');
  if (name === '' || value === '' || more.length > 0)
    throw refuse('input.not-a', { what: 'NAME=VALUE', claimed: claimed.slice(0, 120) });
  return [normaliseProjectName(name), value];
}
