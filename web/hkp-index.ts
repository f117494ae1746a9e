// The machine-readable list of HKP (draft-gallagher-openpgp-hkp, "Machine Readable Indexes"): one key, its user ids behind it. User ids are
// hostile text: every octet that could end a field or a line is escaped.
import { endOfWholeKey, type KeyFacts } from '#lib/core/key.ts';

// RFC 9580, 9.1, by the names that lib/pgp gives: number and length in bits. What is not here is left empty, which the format allows.
const algorithms: Readonly<Record<string, string>> = {
  'Ed25519 (EdDSA)': '22:256',
  Ed25519: '27:256',
  Ed448: '28:456',
  'ECDSA P-256': '19:256',
  'ECDSA P-384': '19:384',
  'ECDSA P-521': '19:521',
};

/** The list of one key as it is at `now`. */
export function renderHkpIndex(facts: KeyFacts, now: number): string {
  const { primary, algorithm, created, expires, userIds } = facts;
  const bits = /^RSA (\d+)$/.exec(algorithm)?.[1];
  const kind = bits === undefined ? (algorithms[algorithm] ?? ':') : `1:${bits}`;
  const end = endOfWholeKey(facts, now)?.code;
  const flags = facts.revocation || end?.startsWith('key-revoked') ? 'r' : end === 'key-expired' ? 'e' : '';
  const head = `pub:${primary}:${kind}:${seconds(created)}:${expires === null ? '' : seconds(expires)}:${flags}`;
  return ['info:1:1', head, ...userIds.map((userId) => `uid:${escapeField(userId)}:::`), ''].join('\r\n');
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Percent-escapes everything but letters, digits and a few signs, among them no colon, no percent sign and no line end. */
const escapeField = (hostileText: string): string =>
  encodeURIComponent(Buffer.from(hostileText).toString()).replace(/%(20|40|3C|3E|2C)/g, (whole) =>
    decodeURIComponent(whole),
  );
