// What a certificate says, as plain facts. lib/pgp establishes them (every binding, back-signature and revocation checked,
// weak ones left out); here the rules about them are decided, the same in the web program, countersigner, client and browser.
import { refuse } from './errors.ts';
import {
  readAccountName,
  readFingerprint,
  readIndexName,
  readInstant,
  type AccountName,
  type Fingerprint,
  type IndexName,
  type Instant,
} from './ids.ts';
import { readText } from './document.ts';

/** A genuine revocation. Hard (compromised, or no reason given): never again. Soft (superseded, retired): from `date` on. */
export type Revocation = { kind: 'hard' | 'soft'; date: number; reason: string };

/** A key that may sign data: properly bound, flagged for signing, with a valid back-signature where it is a subkey. */
export type SigningKeyFacts = {
  fingerprint: Fingerprint;
  algorithm: string;
  created: number;
  /** Milliseconds; the earlier of its own end and its binding's; null: never. */
  expires: number | null;
  revocation: Revocation | null;
};

/** Times are milliseconds since 1970. */
export type KeyFacts = {
  primary: Fingerprint;
  algorithm: string;
  created: number;
  expires: number | null;
  revocation: Revocation | null;
  /** Hostile text; never an identity. */
  userIds: readonly string[];
  /** The primary itself is in it when it may sign. */
  signing: readonly SigningKeyFacts[];
  /** Has a live encryption subkey (a challenge can be mailed encrypted). */
  canEncrypt: boolean;
  /** Said by its person at this index, in no certificate: lost since then. What was received before keeps counting. */
  lost?: number;
};

/** Why a key cannot give a signature that is received at a moment. */
export type KeyEnd =
  | { code: 'key-not-yet-valid'; key: Fingerprint }
  | { code: 'key-expired'; key: Fingerprint; at: number }
  | { code: 'key-revoked-hard'; key: Fingerprint; at: number; reason: string }
  | { code: 'key-revoked-soft'; key: Fingerprint; at: number; reason: string }
  | { code: 'key-lost'; key: Fingerprint; at: number }
  | { code: 'key-cannot-sign'; key: Fingerprint };

/** How far a signer's clock may run ahead of ours, in milliseconds. */
export const clockTolerance = 5 * 60_000;

type Life = { created: number; expires: number | null; revocation: Revocation | null };

/**
 * Whether a signature by `issuer` of this key, received at that moment, stands: null, or why not. Hard revocation voids
 * whatever came before it; soft revocation and expiry keep what was received earlier (rules.md, "A key").
 */
export function endOfKey(key: KeyFacts, issuer: Fingerprint, received: number): KeyEnd | null {
  const signing = key.signing.find((candidate) => candidate.fingerprint === issuer);
  if (!signing) return { code: 'key-cannot-sign', key: issuer };
  return endOfLife(key.primary, key, received) ?? endOfLife(issuer, signing, received) ?? endByLoss(key, received);
}

function endByLoss({ primary, lost }: KeyFacts, received: number): KeyEnd | null {
  return lost !== undefined && received >= lost ? { code: 'key-lost', key: primary, at: lost } : null;
}

/** The key as it was known before it was revoked as compromised: that ends it from its date on and not before, as a soft revocation does. */
export function withoutHindsight(key: KeyFacts): KeyFacts {
  const soften = <T extends { revocation: Revocation | null }>(life: T): T =>
    life.revocation === null ? life : { ...life, revocation: { ...life.revocation, kind: 'soft' } };
  return { ...soften(key), signing: key.signing.map(soften) };
}

/** The reasons why nothing by this key can enter at that moment; null where some signing key is usable. */
export function endOfWholeKey(key: KeyFacts, at: number): KeyEnd | null {
  const ends = key.signing.map((signing) => endOfKey(key, signing.fingerprint, at));
  if (ends.length === 0) return { code: 'key-cannot-sign', key: key.primary };
  return ends.includes(null) ? null : (ends[0] ?? null);
}

/** Whether something signed now by this key could enter; false for a key whose certificate is not at hand. */
export function isUsableKey(key: KeyFacts | undefined, at: number): boolean {
  return key !== undefined && endOfWholeKey(key, at) === null;
}

function endOfLife(key: Fingerprint, life: Life, received: number): KeyEnd | null {
  const { revocation, expires, created } = life;
  if (revocation?.kind === 'hard')
    return { code: 'key-revoked-hard', key, at: revocation.date, reason: revocation.reason };
  if (revocation && received >= revocation.date)
    return { code: 'key-revoked-soft', key, at: revocation.date, reason: revocation.reason };
  if (expires !== null && received >= expires) return { code: 'key-expired', key, at: expires };
  if (received + clockTolerance < created) return { code: 'key-not-yet-valid', key };
  return null;
}

/** unproven → active → expired | revoked; lost is said by the person (rules.md, "A key"). */
export type KeyState = 'unproven' | 'active' | 'expiring' | 'expired' | 'revoked' | 'lost';

const day = 86_400_000;

/** The one word for a key as its owner sees it at `now`; `stored` is what its row says. */
export function keyState(key: KeyFacts, stored: 'unproven' | 'active' | 'lost', now: number): KeyState {
  if (stored === 'lost') return 'lost';
  const end = endOfWholeKey(key, now);
  if (end?.code.startsWith('key-revoked')) return 'revoked';
  if (end?.code === 'key-lost') return 'lost';
  if (end) return 'expired';
  if (stored === 'unproven') return 'unproven';
  return endOfWholeKey(key, now + 30 * day) ? 'expiring' : 'active';
}

/** What a person signs to prove that a key is theirs: names the index, the account, the key and the moment. */
export type KeyProof = { index: IndexName; account: AccountName; key: Fingerprint; at: Instant; nonce: string };

const proofHead = '# countersign key proof 1';

/** The phrase's one spelling. `nonce` is 32 lower-case hex digits. */
export function renderKeyProof(proof: KeyProof): string {
  const { index, account, key, at, nonce } = proof;
  return `${proofHead}\n# index: ${index}\n# account: ${account}\n# key: ${key}\n# time: ${at}\n# nonce: ${nonce}\n`;
}

/** Reads a phrase from hostile bytes; refuses any second spelling. */
export function readKeyProof(foreignBytes: Uint8Array): KeyProof {
  const text = readText(foreignBytes, 'a key proof');
  const values = text.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
  const nonce = values[5] ?? '';
  const proof: KeyProof = {
    index: readIndexName(values[1]),
    account: readAccountName(values[2]),
    key: readFingerprint(values[3]),
    at: readInstant(values[4]),
    nonce,
  };
  if (!/^[0-9a-f]{32}$/.test(nonce) || renderKeyProof(proof) !== text)
    throw refuse('input.not-a', { what: 'a key proof phrase', claimed: text.slice(0, 40) });
  return proof;
}
