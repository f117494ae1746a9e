// How keys end, as tables: which notice is due when, what a newer copy changed, and what a loss means for signatures.
import { describe, expect, it } from 'vitest';
import { readFingerprint } from '#lib/core/ids.ts';
import { endOfKey, isUsableKey, keyState, type KeyFacts } from '#lib/core/key.ts';
import { changesOfKey, keyEndsAt, noticeDue, revocationReasons } from '#lib/core/key-end.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-22T12:00:00Z');
const primary = readFingerprint('A'.repeat(40));
const subkey = readFingerprint('B'.repeat(40));

function keyOf(change: Partial<KeyFacts> = {}): KeyFacts {
  const signing = { fingerprint: primary, algorithm: 'Ed25519', created: 0, expires: null, revocation: null };
  return {
    ...{ primary, algorithm: 'Ed25519', created: 0, expires: null, revocation: null },
    ...{ userIds: ['ada'], signing: [signing], canEncrypt: false },
    ...change,
  };
}

describe('a notice that a key ends', () => {
  it.each([
    ['a key without end', null, [], null],
    ['31 days ahead', 31, [], null],
    ['30 days ahead', 30, [], 30],
    ['29 days ahead, told', 29, [30], null],
    ['14 days ahead, told once', 14, [30], 14],
    ['7 days ahead, told twice', 7, [30, 14], 7],
    ['6 days ahead, told three times', 6, [30, 14, 7], null],
    ['6 days ahead, never told: one notice, not three', 6, [], 7],
    ['6 days ahead, told of the nearer one only', 6, [7], null],
    ['3 days ahead, told three times', 3, [30, 14, 7], 3],
    ['2 days ahead, told four times', 2, [30, 14, 7, 3], null],
    ['over already', -1, [], null],
  ] as const)('%s', (_, days, told, due) => {
    expect(noticeDue(days === null ? null : now + days * day, told, now)).toBe(due);
  });

  it('is for the last signing key, and the primary ends all of them', () => {
    const subkeys = [
      { fingerprint: primary, algorithm: 'Ed25519', created: 0, expires: now + day, revocation: null },
      { fingerprint: subkey, algorithm: 'Ed25519', created: 0, expires: now + 9 * day, revocation: null },
    ];
    expect(keyEndsAt(keyOf())).toBeNull();
    expect(keyEndsAt(keyOf({ signing: subkeys }))).toBe(now + 9 * day);
    expect(keyEndsAt(keyOf({ signing: subkeys, expires: now + 5 * day }))).toBe(now + 5 * day);
    expect(keyEndsAt(keyOf({ signing: [] }))).toBeNull();
  });
});

describe('a lost key', () => {
  const lost = keyOf({ lost: now });

  it('gives no signature from that moment on, and keeps those that came before', () => {
    expect(endOfKey(lost, primary, now - 1)).toBeNull();
    expect(endOfKey(lost, primary, now)).toEqual({ code: 'key-lost', key: primary, at: now });
    expect([isUsableKey(lost, now), keyState(lost, 'active', now)]).toEqual([false, 'lost']);
  });

  it('that is revoked as compromised as well keeps nothing', () => {
    const revocation = { kind: 'hard', date: now, reason: 'compromised' } as const;
    expect(endOfKey({ ...lost, revocation }, primary, now - day)?.code).toBe('key-revoked-hard');
  });
});

describe('what a newer copy changed', () => {
  it('names each fact that differs, and nothing else', () => {
    const revocation = { kind: 'soft', date: now, reason: 'retired' } as const;
    expect(changesOfKey(keyOf(), keyOf())).toEqual([]);
    expect(changesOfKey(keyOf(), keyOf({ expires: now, revocation, userIds: ['bo', 'ada'] }))).toEqual([
      { what: 'Expires', before: 'never', now: '2026-11-22' },
      { what: 'Revoked', before: 'no', now: '2026-11-22, retired (soft)' },
      { what: 'User ids', before: 'ada', now: 'ada, bo' },
    ]);
  });
});

it('of the reasons for a revocation only “compromised” is hard', () => {
  expect(Object.entries(revocationReasons).map(([name, { kind }]) => `${name}: ${kind}`)).toEqual([
    'retired: soft',
    'superseded: soft',
    'compromised: hard',
  ]);
});
