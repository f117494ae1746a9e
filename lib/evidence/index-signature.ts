// Is this document signed by the index key? One check for records, release lists and hand-backs. The certificate is the caller's
// pinned one; document and signature are hostile. The index key is not a person: exactly this one certificate counts, no policy.
import { refuse } from '#lib/core/errors.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { sayReason } from '#lib/core/reason.ts';
import { judgeEntry } from '#lib/core/verdict.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import type { Hashing } from './custody.ts';

export type IndexKey = { facts: KeyFacts; bytes: Uint8Array };

/** The index certificate from its file; refuses what is no single usable certificate. */
export async function readIndexKey(foreignBytes: Uint8Array, at: number): Promise<IndexKey> {
  const { facts, bytes } = await readCertificate(foreignBytes, at);
  return { facts, bytes };
}

export type Countersigned = { what: string; bytes: Uint8Array; signature: Uint8Array | null };

/**
 * Refuses (`evidence.not-countersigned`, with the reason in words) a document without a genuine signature of the index key. The
 * signature is judged at the moment that it names, since nobody but the index could have received it earlier.
 */
export async function requireIndexSignature(document: Countersigned, key: IndexKey, hashing: Hashing): Promise<void> {
  const { what, bytes, signature } = document;
  if (!signature) throw refuse('evidence.not-countersigned', { what, why: 'there is no signature beside it.' });
  const facts = await checkSignatures({
    packets: await readSignatures(signature),
    certificates: [key.bytes],
    digest: (requests) => hashing.digest(bytes, requests),
  });
  const keys = new Map([[key.facts.primary, key.facts]]);
  const reasons = facts.map((fact) => judgeEntry(fact, fact.made ?? 0, keys));
  if (reasons.includes(null)) return;
  const [reason] = reasons;
  throw refuse('evidence.not-countersigned', {
    what,
    why: reason ? sayReason(reason) : 'there is no signature in it.',
  });
}
