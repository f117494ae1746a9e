// Has an owner signed this declaration? Decided from the raw document, the raw packets and a policy that the judge has accepted: by the web
// program when a signature comes, by the countersigner before it changes what is published, by the client that reads it in the index.
// The document and the packets are hostile. Whose signature it is, the policy's keys say; the document names nobody.
import { readDeclaration, type Declaration } from '#lib/core/declaration.ts';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint, IndexName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { personOfKey, type Policy } from '#lib/core/policy.ts';
import { sayReason, type Reason } from '#lib/core/reason.ts';
import { judgeEntry, type SignatureFacts } from '#lib/core/verdict.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { mergedLimits, readSignatures } from '#lib/pgp/read-signatures.ts';
import type { SignedBytes } from './bundle.ts';
import type { CustodyOf, Hashing } from './custody.ts';
import type { Keyring } from './keyring.ts';

export type DeclarationCase = {
  expected: { index: IndexName; project: ProjectName };
  document: SignedBytes;
  /** The one that the declaration must name. */
  policy: Policy;
  /** Certificates that may verify it, and what they say of themselves. */
  certificates: Iterable<Uint8Array>;
  keys: Keyring['facts'];
  custodyOf: CustodyOf;
  hashing: Hashing;
};

export type CheckedDeclaration = {
  declaration: Declaration;
  bytes: Uint8Array;
  sha256: Sha256;
  /** The owner whose signature counts, and that signature as a block of its own. */
  by: AccountName;
  key: Fingerprint;
  packet: Uint8Array;
  asc: string;
};

/**
 * The declaration with the owner who signed it. Refuses `evidence.other-release` (another index or project), `declaration.other-policy`, and
 * `declaration.not-signed` with the reason against each signature.
 */
export async function checkDeclaration(judged: DeclarationCase): Promise<CheckedDeclaration> {
  const { expected, document, policy, hashing } = judged;
  const { bytes } = document;
  const declaration = readDeclaration(bytes);
  for (const what of ['index', 'project'] as const)
    if (declaration[what] !== expected[what])
      throw refuse('evidence.other-release', {
        ...{ what: `${what} in the declaration`, expected: expected[what], found: declaration[what] },
      });
  if (declaration.policy !== policy.version)
    throw refuse('declaration.other-policy', { named: declaration.policy, inForce: policy.version });
  const sha256 = hashing.sha256(bytes);
  const packets = document.signature ? await readSignatures(document.signature, mergedLimits) : [];
  const facts = await checkSignatures({
    packets,
    certificates: [...judged.certificates],
    digest: (requests) => hashing.digest(bytes, requests),
  });
  const against = facts.map((fact) => reasonAgainst(fact, sha256, judged));
  const at = against.indexOf(null);
  const [packet, key] = [packets[at], facts[at]?.key];
  const by = key ? personOfKey(policy, key) : null;
  if (!packet || !key || !by) throw refuse('declaration.not-signed', { why: sayAgainst(against) });
  const asc = armorSignatures([{ bytes: packet.bytes, key }]);
  return { declaration, bytes, sha256, by: by.name, key, packet: packet.bytes, asc };
}

/** Why a signature does not make the declaration an owner's; null: it does. */
function reasonAgainst(
  fact: SignatureFacts,
  sha256: Sha256,
  { policy, keys, custodyOf }: DeclarationCase,
): Reason | null {
  const entry = judgeEntry(fact, custodyOf(fact, sha256).received, keys);
  if (entry) return entry;
  const key = fact.key ?? ('unknown' as Fingerprint);
  const person = personOfKey(policy, key);
  if (!person) return { code: 'not-in-policy', key, policy: policy.version };
  return person.role === 'owner' ? null : { code: 'not-an-owner', name: person.name };
}

function sayAgainst(against: readonly (Reason | null)[]): string {
  const first = against.find((reason) => reason !== null);
  return first ? sayReason(first) : 'there is none.';
}
