// The hint beside a passphrase: an estimate, so the tests fix order and words, not numbers.
import { describe, expect, it } from 'vitest';
import { guessBits, hintForPassphrase, passphraseLengthMin } from '#lib/core/passphrase.ts';

describe('the hint for a passphrase', () => {
  it.each([
    ['', undefined],
    ['owl copper', 'too-short'],
    ['password1234', 'weak'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['qwertyuiop 2024', 'weak'],
    ['monkey monkey monkey monkey', 'weak'],
    ['lantern river copper', 'weak'],
    ['lantern river copper owl', 'fair'],
    ['lantern river copper owl saddle', 'strong'],
    ['xkqzvwpbtrmhdgj', 'strong'],
    ['Zy7#kd9!Qm2&vt4', 'strong'],
  ])('calls “%s” %s', (passphrase, level) => {
    expect(hintForPassphrase(passphrase)?.level).toBe(level);
  });

  it('says how many characters are missing, and never that a passphrase is safe', () => {
    expect(hintForPassphrase('x'.repeat(passphraseLengthMin - 3))?.says).toContain('3 more');
    for (const words of ['lantern river copper owl saddle', 'password1234', 'x'])
      expect(hintForPassphrase(words)?.says).not.toMatch(/\b(?:safe|secure|unbreakable)\b/i);
  });

  it('gains nothing by repeating a word, and something by each new one', () => {
    expect(guessBits('owl owl owl owl') - guessBits('owl')).toBeLessThan(6);
    expect(guessBits('lantern copper')).toBeGreaterThan(guessBits('lantern') + 8);
  });

  it('is total and quick, whatever is typed', () => {
    const started = Date.now();
    for (const text of ['\ud800', '\u0000', '👩‍👩‍👧'.repeat(10_000), 'a'.repeat(100_000)]) hintForPassphrase(text);
    expect(Date.now() - started).toBeLessThan(2000);
  });
});
