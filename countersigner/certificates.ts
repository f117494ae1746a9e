// The countersigner's own certificates: merged, never replaced, so that a revocation once seen sticks whatever the web program hands
// over later (threats.md, 33). Only keys that an accepted policy names are kept at all.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { armorCertificate, readCertificate } from '#lib/pgp/read-certificate.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import type { Store } from './store.ts';

/** Fingerprint → cleaned binary certificate. */
export type Certificates = ReadonlyMap<Fingerprint, Uint8Array>;

const placeOf = (key: Fingerprint): string => `certificates/${key}.pgp`;

/** The kept certificates of these keys; what was never seen is not in it. */
export function readCertificates(store: Store, keys: Iterable<Fingerprint>): Certificates {
  const found = new Map<Fingerprint, Uint8Array>();
  for (const key of keys) {
    const bytes = store.read(placeOf(readFingerprint(key)));
    if (bytes) found.set(key, bytes);
  }
  return found;
}

/** What is known, with what newer copies add. Hostile copies; refuses as lib/pgp refuses a certificate. */
export async function mergeKnown(
  known: Certificates,
  copies: ReadonlyMap<Fingerprint, Uint8Array>,
  now: number,
): Promise<Certificates> {
  const merged = new Map(known);
  for (const [key, copy] of copies) {
    const before = merged.get(key);
    const cleaned = await readCertificate(copy, now);
    if (cleaned.facts.primary !== key)
      throw refuse('evidence.malformed', { why: `the certificate under ${key} is that of ${cleaned.facts.primary}` });
    merged.set(key, (before ? await mergeCertificates(before, cleaned.bytes) : cleaned).bytes);
  }
  return merged;
}

/** Those that differ from what the store has, as files for a commit. */
export function renderCertificates(store: Store, certificates: Certificates): Map<string, Uint8Array> {
  const changed = [...certificates].filter(([key, bytes]) => !isSame(store.read(placeOf(key)), bytes));
  return new Map(changed.map(([key, bytes]) => [placeOf(key), bytes]));
}

/** The text form for the index tree. */
export const armored = (certificate: Uint8Array): Uint8Array => Buffer.from(armorCertificate(certificate));

/** Byte for byte the same; null is never the same. */
export const isSame = (a: Uint8Array | null, b: Uint8Array): boolean => a !== null && Buffer.compare(a, b) === 0;
