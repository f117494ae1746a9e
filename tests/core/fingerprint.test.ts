// Comparing fingerprints by machine, and reading them aloud: every spelling of the whole is accepted, no part of it ever.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFingerprints, groupsOfFour, readPastedFingerprint, renderGrouped } from '#lib/core/fingerprint.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { fingerprintWords, readFingerprintWords } from '#lib/words/fingerprint-words.ts';

const v4 = readFingerprint('0123456789ABCDEF0123456789ABCDEFFEDCBA98');
const v6 = readFingerprint('0123456789ABCDEF0123456789ABCDEFFEDCBA980123456789ABCDEF01234567');
const digit = fc.constantFrom(...'0123456789ABCDEF');
const anyFingerprint = fc
  .constantFrom(40, 64)
  .chain((length) => fc.array(digit, { minLength: length, maxLength: length }))
  .map((digits) => digits.join('') as Fingerprint);

describe('a pasted fingerprint', () => {
  it.each([
    ['as it is', v4],
    ['in lower case', v4.toLowerCase()],
    ['in groups', renderGrouped(v4)],
    ['as gpg prints it, with a double gap', renderGrouped(v4).replace(/^((?:\w{4} ){5})/, '$1 ')],
    ['with colons', (v4.match(/../g) ?? []).join(':')],
    ['with 0x before it', `0x${v4}`],
    ['from a QR code', `OPENPGP4FPR:${v4}`],
    ['with a line break and hard spaces', ` ${groupsOfFour(v4).join('\u00a0')}\n`],
  ])('%s is the same', (_, pasted) => expect(compareFingerprints(v4, pasted)).toEqual({ kind: 'match' }));

  it.each([
    [8, 'fingerprint.too-short'],
    [16, 'fingerprint.too-short'],
    [32, 'fingerprint.too-short'],
    [39, 'fingerprint.not-full'],
    [41, 'fingerprint.not-full'],
    [63, 'fingerprint.not-full'],
  ])('of %i digits is never compared, although they are the right ones', (digits, code) => {
    expect(() => compareFingerprints(v4, `${v4}${v4}`.slice(-digits))).toThrow(expect.objectContaining({ code }));
    expect(() => compareFingerprints(v6, v6.slice(0, digits))).toThrow(expect.objectContaining({ code }));
  });

  it.each(['', 'ada@example.org', '0x', `${v4}g`, '0'.repeat(400), '０１２３'.repeat(10)])(
    'that is none (%s) is refused',
    (pasted) =>
      expect(() => readPastedFingerprint(pasted)).toThrow(expect.objectContaining({ code: 'fingerprint.unreadable' })),
  );

  it('of the other kind of key is never a match', () => {
    expect(compareFingerprints(v6, v6.slice(0, 40))).toEqual({ kind: 'other-length', pasted: 40 });
    expect(compareFingerprints(v4, v6)).toEqual({ kind: 'other-length', pasted: 64 });
  });

  // Keys whose first and last groups agree are cheap to make: people look there.
  it('that differs in one digit in the middle shows the one group', () => {
    const forged = `${v4.slice(0, 21)}0${v4.slice(22)}`;
    const compared = compareFingerprints(v4, forged);
    expect(compared.kind === 'differs' && compared.groups.filter((group) => !group.same)).toEqual([
      { expected: '4567', pasted: '4067', same: false },
    ]);
  });

  it('matches only itself', () => {
    fc.assert(
      fc.property(anyFingerprint, anyFingerprint, (one, other) => {
        expect(compareFingerprints(one, renderGrouped(other)).kind === 'match').toBe(one === other);
        expect(compareFingerprints(one, one.toLowerCase()).kind).toBe('match');
      }),
    );
  });
});

describe('the words of a fingerprint', () => {
  it('are 15 for 40 digits and 24 for 64, the same each time', () => {
    expect(fingerprintWords(v4)).toHaveLength(15);
    expect(fingerprintWords(v6)).toHaveLength(24);
    expect(fingerprintWords(readFingerprint('0'.repeat(40)))).toEqual([
      ...Array<string>(14).fill('abandon'),
      'address',
    ]);
  });

  it('read back are the fingerprint', () => {
    fc.assert(fc.property(anyFingerprint, (one) => readFingerprintWords(fingerprintWords(one).join('  ')) === one));
  });

  it('with one word left out, doubled or not in the list are refused', () => {
    const words = fingerprintWords(v4);
    for (const heard of [words.slice(1), [...words, 'abandon'], ['fingerprint', ...words.slice(1)], []])
      expect(() => readFingerprintWords(heard.join(' '))).toThrow(
        expect.objectContaining({ code: 'fingerprint.wrong-words' }),
      );
  });
});
