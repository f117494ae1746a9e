// A public key as people hand it in: armored or binary, with whatever else lies in the file. Comes out as its facts and its cleaned
// bytes (own user ids, self-signatures and revocations, bound subkeys; no pictures, no foreign signatures, no free text), or as a
// refusal that says what the file is instead. Nothing of the file is believed but what its own primary key signed.
import { refuse, type Refusal } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { endOfWholeKey, type KeyFacts } from '#lib/core/key.ts';
import { packetBytes, renderArmor } from './armor.ts';
import { examine, type Examined } from './certificate-facts.ts';
import { groupParts, mergeParts, renderParts, type Parts } from './certificate-parts.ts';
import { renderHex, splitPackets } from './packets.ts';
import { kindWords, recognise, type FileKind } from './recognise.ts';

/** `bytes` are the cleaned binary certificate: what is stored, served and compared. */
export type Certificate = { facts: KeyFacts; bytes: Uint8Array };

const revocationBytesMax = 2 * 1024;

export const certificateLimits = { rawBytesMax: 1024 * 1024, storedBytesMax: 32 * 1024 } as const;

/**
 * Reads a file that must hold exactly one certificate, at the moment `at`. Hostile bytes. Refuses by throwing: `key.is-…`, `key.several`,
 * `key.unreadable`, `key.too-large`, `key.too-complex`, `key.utf-16`, `key.weak`, `key.no-self-signature`. A key that is expired, revoked
 * or cannot sign is read all the same (a newer copy must be able to say so): requireRegistrable refuses those.
 */
export async function readCertificate(foreignBytes: Uint8Array, at: number): Promise<Certificate> {
  const [parts, ...more] = readAllParts(foreignBytes);
  if (!parts) throw refuse('key.unreadable', {});
  const examined = await examine(parts, at);
  if (more.length > 0) throw await severalKeys([parts, ...more], at);
  if (examined.weakness) throw refuse('key.weak', { why: examined.weakness });
  if (!examined.selfSigned) throw refuseUnvouched(examined.facts, at);
  return certificateOf(examined);
}

/** Reads all certificates of a file, weak and ended ones too (they have no signing keys then). Refuses what holds none. */
export async function readKeyRing(foreignBytes: Uint8Array, at: number): Promise<Certificate[]> {
  const found: Certificate[] = [];
  for (const parts of readAllParts(foreignBytes)) found.push(certificateOf(await examine(parts, at)));
  return found;
}

/**
 * Whether a key may be registered at that moment. Refuses `key.expired`, `key.revoked`, `key.not-yet-valid`, `key.cannot-sign`.
 * Decided by core's rule for keys, so that what may be registered may also sign.
 */
export function requireRegistrable(facts: KeyFacts, at: number): void {
  const end = endOfWholeKey(facts, at);
  if (!end) return;
  const { key } = end;
  if (end.code === 'key-expired') throw refuse('key.expired', { key, at: end.at });
  if (end.code === 'key-not-yet-valid') throw refuse('key.not-yet-valid', { key, from: facts.created });
  if (end.code === 'key-cannot-sign' || end.code === 'key-lost') throw refuse('key.cannot-sign', { key });
  throw refuse('key.revoked', { key, at: end.at, reason: end.reason });
}

/** What the owner should know about a key that is accepted; whole sentences. */
export function warningsAbout(facts: KeyFacts): string[] {
  const bits = /^RSA (\d+)$/.exec(facts.algorithm)?.[1];
  const small = bits !== undefined && Number(bits) < 3072;
  const isNew =
    facts.primary.length === 64 || facts.signing.some(({ algorithm }) => /^Ed(?:25519|448)$/.test(algorithm));
  return [
    ...(small
      ? [`RSA with ${bits} bits is near its end; make the next key Ed25519 or RSA with 3072 bits and more.`]
      : []),
    ...(isNew
      ? [
          'GnuPG 2.2 and older Sequoia cannot check signatures of this kind of key; installers using them will not see yours.',
        ]
      : []),
  ];
}

/** The text form of a certificate, as served under /keys/. */
export const armorCertificate = (bytes: Uint8Array): string => renderArmor('PUBLIC KEY BLOCK', bytes);

/** The certificate of what was examined; refuses `key.too-large` where it is too large to be stored. */
export function certificateOf({ facts, kept }: Examined): Certificate {
  const bytes = renderParts(kept);
  const most = certificateLimits.storedBytesMax;
  // A revocation comes on top, so that nobody can fill a certificate up before its owner revokes it.
  const ended = facts.revocation ? revocationBytesMax : 0;
  if (bytes.length > most + ended) throw refuse('key.too-large', { bytes: bytes.length, most });
  return { facts, bytes };
}

/** The certificates of a file, taken apart; copies of the same key are put together. */
export function readAllParts(foreignBytes: Uint8Array): Parts[] {
  const most = certificateLimits.rawBytesMax;
  if (foreignBytes.length > most) throw refuse('key.too-large', { bytes: foreignBytes.length, most });
  const kind = recognise(foreignBytes);
  if (kind !== 'certificate') throw refuseKind(kind);
  const { packets, complete } = splitPackets(packetBytes(foreignBytes) ?? new Uint8Array(0));
  const grouped = complete ? groupParts(packets) : null;
  if (!grouped || grouped.length === 0) throw refuse('key.unreadable', {});
  const byPrimary = new Map<string, Parts>();
  for (const parts of grouped) {
    const name = renderHex(parts.primary.body);
    // A part that stands there twice becomes one as well: else its revocation could hide behind the first of the two.
    byPrimary.set(name, mergeParts(byPrimary.get(name) ?? { ...parts, userIds: [], subkeys: [] }, parts));
  }
  return [...byPrimary.values()];
}

/** A key from the future has self-signatures, but none that may be believed yet. */
function refuseUnvouched({ primary, created }: KeyFacts, at: number): Refusal {
  return created > at
    ? refuse('key.not-yet-valid', { key: primary, from: created })
    : refuse('key.no-self-signature', {});
}

async function severalKeys(all: readonly Parts[], at: number): Promise<Refusal> {
  const keys: Fingerprint[] = [];
  for (const parts of all.slice(0, 5)) keys.push((await examine(parts, at)).facts.primary);
  return refuse('key.several', { keys: [...keys, ...all.slice(5).map(() => '…')] });
}

function refuseKind(kind: FileKind): Refusal {
  if (kind === 'private-key') return refuse('key.is-private', {});
  if (kind === 'signature') return refuse('key.is-signature', {});
  if (kind === 'revocation') return refuse('key.is-revocation', {});
  if (kind === 'utf-16') return refuse('key.utf-16', {});
  if (kind === 'damaged') return refuse('key.unreadable', {});
  return refuse('key.is-other', { looksLike: kindWords[kind] });
}
