// The facts of a certificate that we stored ourselves, at any later time. Nothing is refused for being expired, revoked or weak (old records
// rest on it); what is not to be believed simply has no signing keys. Results are remembered by the digest of the bytes.
import type { KeyFacts } from '#lib/core/key.ts';
import { openCertificate } from './open-certificate.ts';

/** The facts of one stored certificate. Bytes that are no certificate are refused like a foreign file (`key.…`). */
export async function readKeyFacts(bytes: Uint8Array): Promise<KeyFacts> {
  return (await openCertificate(bytes)).facts;
}
