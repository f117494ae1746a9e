// The verdict as a table: who signed what when, under which policy → met or not, and why. A new bug gets a new row first.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { evaluate, type Case, type HandedSignature } from '#lib/core/verdict.ts';
import type { ReasonCode } from '#lib/core/reason.ts';
import {
  allKeys,
  caseOf,
  day,
  instant,
  key,
  keyFacts,
  keyring,
  maintainer,
  name,
  noon,
  over,
  owner,
  policy,
  revoked,
  sdist,
  signed,
  statement,
  wheel,
} from '../support/cases.ts';

type Row = { title: string; given: Partial<Case>; met: boolean; counted: string[]; reasons?: ReasonCode[] };

const by = (...letters: string[]): HandedSignature[] => letters.map((letter) => signed(key(letter)));
const twoKeys = policy({ people: [owner('a', key('a'), key('a', 2)), maintainer('b'), maintainer('c')] });
const withKey = (letter: string, change: Parameters<typeof keyFacts>[1]) =>
  new Map([...allKeys, [key(letter), keyFacts(key(letter), change)]]);
const oneSigner = { policy: policy({ threshold: 1 }) };

const rows: Row[] = [
  { title: 'nobody signed', given: {}, met: false, counted: [] },
  { title: 'one of two people is not enough', given: { signatures: by('a') }, met: false, counted: ['ada'] },
  { title: 'two of two people are enough', given: { signatures: by('a', 'b') }, met: true, counted: ['ada', 'bo'] },
  {
    title: 'three sign where two are asked',
    given: { signatures: by('a', 'b', 'c') },
    met: true,
    counted: ['ada', 'bo', 'chi'],
  },
  {
    title: 'threshold 3 is not met by two',
    given: { policy: policy({ threshold: 3 }), signatures: by('a', 'b') },
    met: false,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a threshold above the number of people is never met',
    given: { policy: policy({ threshold: 4 }), signatures: by('a', 'b', 'c') },
    met: false,
    counted: ['ada', 'bo', 'chi'],
  },
  {
    title: 'a release without files is never met',
    given: { files: [], signatures: by('a', 'b') },
    met: false,
    counted: ['ada', 'bo'],
  },
  {
    title: 'the same signature twice counts one person',
    given: { signatures: [...by('a'), ...by('a')] },
    met: false,
    counted: ['ada'],
  },
  {
    title: 'two subkeys of one primary count one person',
    given: { signatures: [...by('a'), signed(key('a'), statement(), { issuer: key('a', 1, 5) })] },
    met: false,
    counted: ['ada'],
  },
  {
    title: 'two keys of one person count one person',
    given: { policy: twoKeys, signatures: [...by('a'), signed(key('a', 2))] },
    met: false,
    counted: ['ada'],
  },
  {
    title: 'a key that the policy does not name counts nobody',
    given: { signatures: [...by('a'), signed(key('a', 2))] },
    met: false,
    counted: ['ada'],
    reasons: ['not-in-policy'],
  },
  {
    title: 'an outsider does not count',
    given: { signatures: by('a', 'd') },
    met: false,
    counted: ['ada'],
    reasons: ['not-in-policy'],
  },
  {
    title: 'the opener does not count where the policy says so',
    given: { policy: policy({ openerCounts: false }), signatures: by('a', 'b') },
    met: false,
    counted: ['bo'],
    reasons: ['opener-does-not-count'],
  },
  {
    title: 'two others suffice where the opener does not count',
    given: { policy: policy({ openerCounts: false }), signatures: by('b', 'c') },
    met: true,
    counted: ['bo', 'chi'],
  },
  {
    title: 'an older revision does not count',
    given: { revision: 2, signatures: [signed(key('a'), statement(1)), signed(key('b'), statement(2))] },
    met: false,
    counted: ['bo'],
    reasons: ['other-revision'],
  },
  {
    title: 'signatures over each file count like one over the statement',
    given: { signatures: [...by('a'), signed(key('b'), over(wheel)), signed(key('b'), over(sdist))] },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a signature over one file leaves the other uncovered',
    given: { signatures: [...by('a'), signed(key('b'), over(wheel))] },
    met: false,
    counted: ['ada'],
  },
  {
    title: 'each file may be covered by other people',
    given: { signatures: [...by('a'), signed(key('b'), over(wheel)), signed(key('c'), over(sdist))] },
    met: true,
    counted: ['ada'],
  },
  {
    title: 'file signatures do not count where the policy says so',
    given: {
      policy: policy({ fileSignatures: false }),
      signatures: [...by('a'), signed(key('b'), over(wheel)), signed(key('b'), over(sdist))],
    },
    met: false,
    counted: ['ada'],
    reasons: ['file-signatures-off', 'file-signatures-off'],
  },
  {
    title: 'a signature over a file of another release does not count',
    given: { ...oneSigner, files: [wheel], signatures: [signed(key('b'), over(sdist))] },
    met: false,
    counted: [],
    reasons: ['not-a-file-of-this'],
  },
  {
    title: 'a file signature made 8 days before the draft does not count',
    given: { ...oneSigner, files: [wheel], signatures: [signed(key('b'), over(wheel), { made: noon - 9 * day })] },
    met: false,
    counted: [],
    reasons: ['file-signature-too-old'],
  },
  {
    title: 'a file signature made 6 days before the draft counts',
    given: { ...oneSigner, files: [wheel], signatures: [signed(key('b'), over(wheel), { made: noon - 7 * day })] },
    met: true,
    counted: ['bo'],
  },
  {
    title: 'a packet first seen in another draft does not count',
    given: { signatures: [...by('a'), signed(key('b'), statement(), { firstSeenHere: false })] },
    met: false,
    counted: ['ada'],
    reasons: ['first-seen-elsewhere'],
  },
  {
    title: 'a packet that was taken back does not count',
    given: { signatures: [...by('a'), signed(key('b'), statement(), { takenBack: true })] },
    met: false,
    counted: ['ada'],
    reasons: ['taken-back'],
  },
  {
    title: 'a signature dated 6 minutes ahead does not count',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { made: noon + 6 * 60_000, received: noon })] },
    met: false,
    counted: [],
    reasons: ['made-in-the-future'],
  },
  {
    title: 'a signature dated 4 minutes ahead counts',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { made: noon + 4 * 60_000, received: noon })] },
    met: true,
    counted: ['ada'],
  },
  {
    title: 'a signature older than its key does not count',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { made: noon - 101 * day })] },
    met: false,
    counted: [],
    reasons: ['made-before-key'],
  },
  {
    title: 'an expired signature does not count',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { expires: noon - 31_000 })] },
    met: false,
    counted: [],
    reasons: ['signature-expired'],
  },
  {
    title: 'a key that had expired on receipt does not count, whatever date the packet claims',
    given: {
      ...oneSigner,
      keys: withKey('a', { expires: noon - day }),
      signatures: [signed(key('a'), statement(), { made: noon - 2 * day, received: noon })],
    },
    met: false,
    counted: [],
    reasons: ['key-expired'],
  },
  {
    title: 'a key that expired after receipt still counts',
    given: {
      ...oneSigner,
      keys: withKey('a', { expires: noon - day }),
      signatures: [signed(key('a'), statement(), { made: noon - 3 * day, received: noon - 2 * day })],
    },
    met: true,
    counted: ['ada'],
  },
  {
    title: 'a hard revocation voids what was received before it',
    given: {
      ...oneSigner,
      keys: withKey('a', { revocation: revoked('hard', noon - day) }),
      signatures: [signed(key('a'), statement(), { made: noon - 3 * day, received: noon - 2 * day })],
    },
    met: false,
    counted: [],
    reasons: ['key-revoked-hard'],
  },
  {
    title: 'a soft revocation keeps what was received before it',
    given: {
      ...oneSigner,
      keys: withKey('a', { revocation: revoked('soft', noon - day) }),
      signatures: [signed(key('a'), statement(), { made: noon - 3 * day, received: noon - 2 * day })],
    },
    met: true,
    counted: ['ada'],
  },
  {
    title: 'a soft revocation ends what is received after it',
    given: {
      ...oneSigner,
      keys: withKey('a', { revocation: revoked('soft', noon - day) }),
      signatures: [signed(key('a'), statement(), { made: noon - 3 * day, received: noon })],
    },
    met: false,
    counted: [],
    reasons: ['key-revoked-soft'],
  },
  {
    title: 'a subkey that the certificate does not bind counts nobody',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { issuer: key('e', 1, 5) })] },
    met: false,
    counted: [],
    reasons: ['key-cannot-sign'],
  },
  {
    title: 'a certificate that is not at hand counts nobody',
    given: { ...oneSigner, keys: keyring(), signatures: by('a') },
    met: false,
    counted: [],
    reasons: ['unknown-key'],
  },
  {
    title: 'a defect found by the packet reader is the reason',
    given: {
      ...oneSigner,
      signatures: [signed(key('a'), statement(), { defect: { code: 'weak-hash', hash: 'SHA-1' } })],
    },
    met: false,
    counted: [],
    reasons: ['weak-hash'],
  },
  {
    title: 'a good signature counts beside a bad one',
    given: { ...oneSigner, signatures: [signed(key('a'), statement(), { defect: { code: 'text-mode' } }), ...by('b')] },
    met: true,
    counted: ['bo'],
    reasons: ['text-mode'],
  },
  {
    title: 'somebody struck altogether does not count',
    given: {
      signatures: by('a', 'b'),
      strikes: [{ name: name('bo'), keys: [key('b')], since: null, reason: 'rogue' }],
    },
    met: false,
    counted: ['ada'],
    reasons: ['struck'],
  },
  {
    title: 'a strike since a date keeps what was received before it',
    given: {
      signatures: by('a', 'b'),
      strikes: [{ name: name('bo'), keys: [key('b')], since: instant(noon), reason: 'rogue' }],
    },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a strike since a date voids what was received at that very second',
    given: {
      signatures: [...by('a'), signed(key('b'), statement(), { received: noon })],
      strikes: [{ name: name('bo'), keys: [key('b')], since: instant(noon), reason: 'rogue' }],
    },
    met: false,
    counted: ['ada'],
    reasons: ['struck'],
  },
  {
    title: 'somebody retired does not count in a draft',
    given: {
      policy: policy({
        people: [owner('a'), maintainer('c')],
        retired: [{ name: name('bo'), keys: [key('b')], since: instant(noon - day) }],
      }),
      signatures: by('a', 'b'),
    },
    met: false,
    counted: ['ada'],
    reasons: ['retired'],
  },
];

describe('evaluate', () => {
  it.each(rows)('$title', ({ given, met, counted, reasons = [] }) => {
    const verdict = evaluate(caseOf(given));
    expect({
      met: verdict.met,
      counted: verdict.counted,
      reasons: verdict.notCounted.map(({ reason }) => reason.code),
    }).toEqual({ met, counted, reasons });
  });

  it('says for each file who covers it and how many are missing', () => {
    const verdict = evaluate(caseOf({ signatures: [...by('a'), signed(key('b'), over(wheel))] }));
    expect(verdict.perFile).toEqual([
      { file: wheel.name, counted: ['ada', 'bo'], missing: 0 },
      { file: sdist.name, counted: ['ada'], missing: 1 },
    ]);
    expect(verdict.missing).toBe(1);
  });

  it('names who could still sign: people of the policy with a usable key who do not cover everything yet', () => {
    const keys = withKey('c', { expires: noon - day });
    expect(evaluate(caseOf({ signatures: by('a'), keys })).couldStillSign).toEqual(['bo']);
  });

  it('does not name the opener where the opener does not count', () => {
    expect(evaluate(caseOf({ policy: policy({ openerCounts: false }) })).couldStillSign).toEqual(['bo', 'chi']);
  });

  it('never counts more people than signed, and a further signature never takes anybody away', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.constantFrom('a', 'b', 'c'), (some, more) => {
        const before = evaluate(caseOf({ signatures: by(...some) }));
        const after = evaluate(caseOf({ signatures: by(...some, more) }));
        expect(before.counted.length).toBeLessThanOrEqual(new Set(some).size);
        expect(after.counted).toEqual(expect.arrayContaining(before.counted));
        expect(before.met).toBe(before.counted.length >= 2);
      }),
    );
  });
});
