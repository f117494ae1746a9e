// How a person ends a key of their own, in words and as data: the three reasons of a revocation that can be made here, and what each
// does. A revocation is hard or soft by its reason (RFC 9580, 5.2.3.31; key.ts says what that means for signatures).
import type { Fingerprint } from './ids.ts';
import type { KeyFacts } from './key.ts';

/** Why a key is revoked. `compromised` is hard; the two others are soft. */
export type RevocationReason = { kind: 'compromised' } | { kind: 'retired' } | { kind: 'superseded'; by: Fingerprint };

/** Each reason with what people see before they choose it. */
export const revocationReasons = {
  retired: {
    kind: 'soft',
    label: 'I no longer use it',
    effect: 'Soft: nothing new by it is accepted from now on. What was received before keeps counting.',
  },
  superseded: {
    kind: 'soft',
    label: 'Another key takes its place',
    effect: 'Soft: nothing new by it is accepted from now on. What was received before keeps counting.',
  },
  compromised: {
    kind: 'hard',
    label: 'Somebody else may have it',
    effect:
      'Hard: nothing by it counts any more, nowhere, however old. Open drafts lose its signatures at once, and published releases that fall below their threshold are quarantined.',
  },
} as const satisfies Record<RevocationReason['kind'], { kind: 'hard' | 'soft'; label: string; effect: string }>;

const day = 86_400_000;

/** How many days ahead people are told that a key ends. */
export const noticeHorizons = [30, 14, 7, 3] as const;

/**
 * Which notice is due for a key that ends at `ends`: the nearest horizon that has begun, or null (no end, too far away, or over already).
 * `told` are the horizons of which its people have heard for this end; a nearer one silences the farther.
 */
export function noticeDue(ends: number | null, told: readonly number[], now: number): number | null {
  if (ends === null || ends <= now) return null;
  const begun = noticeHorizons.filter((days) => ends - now <= days * day);
  const nearest = begun.at(-1);
  if (nearest === undefined || told.some((days) => days <= nearest)) return null;
  return nearest;
}

/** When the last of its signing keys expires; null: never. Revocation and loss are no matter of dates and not looked at. */
export function keyEndsAt({ expires, signing }: KeyFacts): number | null {
  const ends = signing.map((key) => Math.min(key.expires ?? Infinity, expires ?? Infinity));
  const last = Math.max(...ends);
  return Number.isFinite(last) ? last : null;
}

/** One thing that a newer copy of a certificate says differently, as text. */
export type KeyChange = { what: string; before: string; now: string };

/** What differs between two copies of one key, for the person who handed in the newer one. User ids are hostile text. */
export function changesOfKey(before: KeyFacts, now: KeyFacts): KeyChange[] {
  const told = { before: tellKey(before), now: tellKey(now) };
  return Object.keys(told.now).flatMap((what) => {
    const [old, fresh] = [told.before[what] ?? '', told.now[what] ?? ''];
    return old === fresh ? [] : [{ what, before: old, now: fresh }];
  });
}

const date = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString().slice(0, 10));

function tellKey({ expires, revocation, userIds, signing, canEncrypt }: KeyFacts): Record<string, string> {
  const keys = signing.map(
    (key) => `${key.fingerprint} (expires ${date(key.expires)}${key.revocation ? ', revoked' : ''})`,
  );
  return {
    Expires: date(expires),
    Revoked: revocation ? `${date(revocation.date)}, ${revocation.reason} (${revocation.kind})` : 'no',
    'User ids': [...userIds].sort().join(', ') || 'none',
    'Signs with': keys.join(', ') || 'nothing',
    Encryption: canEncrypt ? 'yes' : 'no',
  };
}
