// The word for a key at a moment, and when what it signed ends.
import { describe, expect, it } from 'vitest';
import { endOfKey, keyState, withoutHindsight, type KeyFacts } from '#lib/core/key.ts';
import { day, key, keyFacts, noon, revoked } from '../support/cases.ts';

const plain = key('a');
const subkey = key('a', 1, 5);

const states: { title: string; facts: Partial<KeyFacts>; stored?: 'unproven' | 'lost'; state: string }[] = [
  { title: 'a proven key is active', facts: {}, state: 'active' },
  { title: 'a key that nobody proved is unproven', facts: {}, stored: 'unproven', state: 'unproven' },
  { title: 'a key that ends within 30 days is expiring', facts: { expires: noon + 29 * day }, state: 'expiring' },
  { title: 'a key that ends in 31 days is active', facts: { expires: noon + 31 * day }, state: 'active' },
  { title: 'a key whose end has come is expired', facts: { expires: noon }, state: 'expired' },
  {
    title: 'a revoked key is revoked, proven or not',
    facts: { revocation: revoked('soft', noon - 1) },
    stored: 'unproven',
    state: 'revoked',
  },
  { title: 'a lost key is lost, whatever else it is', facts: { expires: noon - day }, stored: 'lost', state: 'lost' },
];

describe('keyState', () => {
  it.each(states)('$title', ({ facts, stored, state }) => {
    expect(keyState(keyFacts(plain, facts), stored ?? 'active', noon)).toBe(state);
  });
});

describe('endOfKey', () => {
  it('a usable subkey does not stand when its primary has ended', () => {
    expect(endOfKey(keyFacts(plain, { expires: noon - 1 }, [subkey]), subkey, noon)?.code).toBe('key-expired');
  });

  it('an ended subkey does not stand though its primary is usable', () => {
    const facts = keyFacts(plain, {}, [subkey]);
    const signing = facts.signing.map((entry) =>
      entry.fingerprint === subkey ? { ...entry, revocation: revoked('hard', noon + day) } : entry,
    );
    expect(endOfKey({ ...facts, signing }, subkey, noon)?.code).toBe('key-revoked-hard');
    expect(endOfKey({ ...facts, signing }, plain, noon)).toBeNull();
  });

  it('without hindsight a hard revocation ends what came after it, and nothing before', () => {
    const facts = keyFacts(plain, { revocation: revoked('hard', noon) }, [subkey]);
    const signing = facts.signing.map((entry) => ({ ...entry, revocation: revoked('hard', noon) }));
    const known = withoutHindsight({ ...facts, signing });
    for (const issuer of [plain, subkey]) {
      expect(endOfKey(known, issuer, noon - 1)).toBeNull();
      expect(endOfKey(known, issuer, noon)?.code).toBe('key-revoked-soft');
    }
  });

  it('a key made by a clock 4 minutes ahead is valid now, one 6 minutes ahead is not', () => {
    expect(endOfKey(keyFacts(plain, { created: noon + 4 * 60_000 }), plain, noon)).toBeNull();
    expect(endOfKey(keyFacts(plain, { created: noon + 6 * 60_000 }), plain, noon)?.code).toBe('key-not-yet-valid');
  });
});
