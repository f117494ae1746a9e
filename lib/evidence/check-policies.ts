// Is the chain of policies unbroken, from the version that is known already or from version 1? Each step is decided by
// core/policy-chain.ts from the raw signatures. Trusts the versions that were accepted before; the rest is hostile.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readPolicy, type Policy } from '#lib/core/policy.ts';
import { beginsNewChain, requireBeginsAnew } from '#lib/core/new-chain.ts';
import { evaluatePolicy, requireFollows } from '#lib/core/policy-chain.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { mergedLimits, readSignatures } from '#lib/pgp/read-signatures.ts';
import type { SignedBytes } from './bundle.ts';
import type { CustodyOf, Hashing } from './custody.ts';
import type { Keyring } from './keyring.ts';

export type AcceptedPolicy = { policy: Policy; sha256: Sha256 };
/** `asc`: its counted signatures as one block, by these keys. */
export type FollowingPolicy = AcceptedPolicy & { bytes: Uint8Array; asc: string; signedBy: Fingerprint[] };

export type PolicyCase = {
  project: ProjectName;
  /** What was accepted before, ascending, perhaps from a later version on (a pin); empty: first contact. */
  known: readonly AcceptedPolicy[];
  policies: readonly (SignedBytes & { version: number })[];
  keyring: Keyring;
  custodyOf: CustodyOf;
  /** Whether this document may begin the chain anew (docs/decisions/024): said by a person, never by the evidence. */
  mayBeginAnew: (sha256: Sha256) => boolean;
  now: number;
  hashing: Hashing;
};

/**
 * The policies that follow what is known, each signed by those who must sign it. Refuses `evidence.policy-rewritten` (a known
 * version with other bytes), `evidence.policy-went-back` (it ends before what is known), `policy.breaks-chain`,
 * `evidence.policy-not-signed`, `evidence.new-chain`. All or nothing: one bad step refuses the whole chain.
 */
export async function checkPolicies(judged: PolicyCase): Promise<FollowingPolicy[]> {
  const following: FollowingPolicy[] = [];
  let last = judged.known.at(-1) ?? null;
  for (const document of unknownPolicies(judged)) {
    const next = await followOne(judged, last, document);
    following.push(next);
    last = next;
  }
  if (!last) throw refuse('evidence.missing', { what: 'a policy of the project' });
  return following;
}

type Unknown = SignedBytes & { version: number; sha256: Sha256 };

/** What comes after the known versions; refuses other bytes for a known one, and a chain that ends before the known one does. */
function unknownPolicies({ project, known, policies, hashing }: PolicyCase): Unknown[] {
  const from = known[0]?.policy.version ?? 1;
  const to = known.at(-1)?.policy.version ?? 0;
  const given = policies.at(-1)?.version ?? 0;
  if (given < to) throw refuse('evidence.policy-went-back', { project, known: to, given });
  const hashed = policies.map((document) => ({ ...document, sha256: hashing.sha256(document.bytes) }));
  for (const { policy, sha256 } of known) {
    const rewritten = hashed.some((document) => document.version === policy.version && document.sha256 !== sha256);
    if (rewritten) throw refuse('evidence.policy-rewritten', { project, version: policy.version });
  }
  return hashed.filter(({ version }) => version >= from && version > to);
}

/** The policy whose people decide about `next`: the one before it; null where founders do, of the project or of a new chain. */
function requireJoins(judged: PolicyCase, previous: AcceptedPolicy | null, next: AcceptedPolicy): Policy | null {
  if (!previous || !beginsNewChain(next.policy)) {
    requireFollows(previous, next.policy);
    return previous?.policy ?? null;
  }
  const { project, version } = next.policy;
  if (!judged.mayBeginAnew(next.sha256)) throw refuse('evidence.new-chain', { project, version, sha256: next.sha256 });
  requireBeginsAnew(previous.policy, next.policy);
  return null;
}

async function followOne(
  judged: PolicyCase,
  previous: AcceptedPolicy | null,
  document: Unknown,
): Promise<FollowingPolicy> {
  const { project, keyring, custodyOf, now, hashing } = judged;
  const { bytes, sha256, version } = document;
  const policy = readPolicy(bytes);
  if (policy.project !== project)
    throw refuse('evidence.other-release', { what: 'project in the policy', expected: project, found: policy.project });
  if (policy.version !== version) throw refuse('policy.breaks-chain', { why: `it is not version ${version}` });
  const before = requireJoins(judged, previous, { policy, sha256 });
  const packets = document.signature ? await readSignatures(document.signature, mergedLimits) : [];
  const facts = await checkSignatures({
    packets,
    certificates: [...keyring.certificates.values()],
    digest: (requests) => hashing.digest(bytes, requests),
  });
  const signatures = facts.map((fact) => ({ facts: fact, received: custodyOf(fact, sha256).received }));
  const verdict = evaluatePolicy(before, policy, signatures, keyring.facts, now);
  if (!verdict.met) {
    const missing = verdict.needs.reduce((sum, need) => sum + need.missing, 0);
    throw refuse('evidence.policy-not-signed', { project, version, missing });
  }
  const notCounted = new Set(verdict.notCounted.map((entry) => entry.packetSha256));
  const counted = facts.flatMap(({ packetSha256, key }) => {
    const packet = packets.find((entry) => entry.sha256 === packetSha256);
    return packet && key && !notCounted.has(packetSha256) ? [{ bytes: packet.bytes, key }] : [];
  });
  return { policy, sha256, bytes, asc: armorSignatures(counted), signedBy: counted.map(({ key }) => key) };
}
