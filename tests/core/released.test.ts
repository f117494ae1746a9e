// What a published release still has, as a table: by the policy of its record, less later strikes and hard revocations; and who may
// sign it again when that is no longer enough. A new bug gets a new row first.
import { describe, expect, it } from 'vitest';
import type { KeyFacts } from '#lib/core/key.ts';
import type { Policy, Struck } from '#lib/core/policy.ts';
import type { ReasonCode } from '#lib/core/reason.ts';
import { evaluate, type HandedSignature } from '#lib/core/verdict.ts';
import {
  allKeys,
  caseOf,
  day,
  instant,
  key,
  keyFacts,
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

type Row = {
  title: string;
  /** Named by the newest record, received three days ago unless said otherwise. */
  recorded?: HandedSignature[];
  /** Received since. */
  again?: HandedSignature[];
  record?: Partial<Policy>;
  inForce?: Partial<Policy>;
  keys?: Record<string, Partial<KeyFacts>>;
  met: boolean;
  counted: string[];
  reasons?: ReasonCode[];
  couldStillSign?: string[];
};

const then = { made: noon - 3 * day - 60_000, received: noon - 3 * day };
const before = (...letters: string[]) => letters.map((letter) => signed(key(letter), statement(), then));
const now = (...letters: string[]) => letters.map((letter) => signed(key(letter)));
const strike = (letter: string, since: number | null): Struck => ({
  ...{ name: owner(letter).name, keys: [key(letter)], reason: 'rogue' },
  since: since === null ? null : instant(since),
});
const withoutBo = { version: 2, people: [owner('a'), maintainer('c')] };
const boStruck = { ...withoutBo, struck: [strike('b', null)] };
const boRetired = {
  ...withoutBo,
  retired: [{ name: name('bo'), keys: [key('b')], since: instant(noon - day) }],
};
const hard = { revocation: revoked('hard', noon - day) };

const rows: Row[] = [
  { title: 'what was enough stays enough', met: true, counted: ['ada', 'bo'] },
  {
    title: 'a threshold that was raised later asks nothing of it',
    inForce: { version: 2, threshold: 3 },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'who was retired later keeps counting in it',
    inForce: boRetired,
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'who was struck altogether no longer counts in it',
    inForce: boStruck,
    met: false,
    counted: ['ada'],
    reasons: ['struck'],
    couldStillSign: ['chi'],
  },
  {
    title: 'a strike since a later moment keeps what was received before it',
    inForce: { ...withoutBo, struck: [strike('b', noon - 2 * day)] },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a strike since an earlier moment voids it',
    inForce: { ...withoutBo, struck: [strike('b', noon - 4 * day)] },
    met: false,
    counted: ['ada'],
    reasons: ['struck'],
  },
  {
    title: 'a hard revocation voids it, however late it came',
    keys: { b: hard },
    met: false,
    counted: ['ada'],
    reasons: ['key-revoked-hard'],
    couldStillSign: ['chi'],
  },
  {
    title: 'a hard revocation of the signing subkey alone voids it',
    recorded: [...before('a'), signed(key('b'), statement(), { ...then, issuer: key('b', 1, 5) })],
    keys: {
      b: {
        signing: [
          { fingerprint: key('b'), algorithm: 'Ed25519', created: 0, expires: null, revocation: null },
          { fingerprint: key('b', 1, 5), algorithm: 'Ed25519', created: 0, expires: null, ...hard },
        ],
      },
    },
    met: false,
    counted: ['ada'],
    reasons: ['key-revoked-hard'],
  },
  {
    title: 'a soft revocation keeps what was received before it',
    keys: { b: { revocation: revoked('soft', noon - day) } },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a key that expired since keeps counting',
    keys: { b: { expires: noon - day } },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a key that was lost since keeps counting',
    keys: { b: { lost: noon - day } },
    met: true,
    counted: ['ada', 'bo'],
  },
  {
    title: 'a third signer makes up for one who fell',
    recorded: before('a', 'b', 'c'),
    inForce: boStruck,
    met: true,
    counted: ['ada', 'chi'],
    reasons: ['struck'],
  },
  {
    title: 'it is signed again by somebody of both policies',
    again: now('c'),
    inForce: boStruck,
    met: true,
    counted: ['ada', 'chi'],
    reasons: ['struck'],
  },
  {
    title: 'it is signed again by somebody who joined after it was published',
    again: now('d'),
    inForce: { ...boStruck, people: [owner('a'), maintainer('d')] },
    met: true,
    counted: ['ada', 'dee'],
    reasons: ['struck'],
  },
  {
    title: 'it is not signed again by the struck person',
    again: now('b'),
    inForce: boStruck,
    met: false,
    counted: ['ada'],
    reasons: ['struck', 'struck'],
  },
  {
    title: 'it is not signed again by somebody of the record’s policy who is retired',
    again: now('c'),
    inForce: {
      ...boStruck,
      people: [owner('a'), maintainer('d')],
      retired: [{ name: name('chi'), keys: [key('c')], since: instant(noon - day) }],
    },
    met: false,
    counted: ['ada'],
    reasons: ['struck', 'retired'],
    couldStillSign: ['dee'],
  },
  {
    title: 'it is not signed again by somebody whom the policy in force does not know',
    again: now('e'),
    inForce: boStruck,
    met: false,
    counted: ['ada'],
    reasons: ['struck', 'not-in-policy'],
  },
  {
    title: 'it is not signed again with a key that was revoked, expired or lost before',
    again: now('c'),
    inForce: boStruck,
    keys: { c: { lost: noon - day } },
    met: false,
    counted: ['ada'],
    reasons: ['struck', 'key-lost'],
    couldStillSign: [],
  },
  {
    title: 'it is not signed again file by file',
    again: [signed(key('c'), over(wheel)), signed(key('c'), over(sdist))],
    inForce: boStruck,
    met: false,
    counted: ['ada'],
    reasons: ['struck', 'again-over-statement', 'again-over-statement'],
  },
  {
    title: 'what was signed file by file before it was published keeps counting',
    recorded: [...before('a'), signed(key('c'), over(wheel), then), signed(key('c'), over(sdist), then)],
    inForce: { version: 2, fileSignatures: false },
    met: true,
    counted: ['ada', 'chi'],
  },
  {
    title: 'signing again needs the threshold of its record, though the rules ask for fewer now',
    again: now('c'),
    record: { threshold: 3 },
    inForce: { ...boStruck, threshold: 1 },
    met: false,
    counted: ['ada', 'chi'],
    reasons: ['struck'],
  },
  {
    title: 'the opener does not count by signing again where the record’s policy says so',
    recorded: before('b', 'c'),
    again: now('a'),
    record: { openerCounts: false },
    inForce: boStruck,
    met: false,
    counted: ['chi'],
    reasons: ['struck', 'opener-does-not-count'],
  },
  {
    title: 'who signed it again and was retired since keeps counting, once a record names it',
    recorded: before('a', 'd'),
    inForce: {
      ...boStruck,
      version: 3,
      retired: [{ name: name('dee'), keys: [key('d')], since: instant(noon - day) }],
    },
    met: true,
    counted: ['ada', 'dee'],
  },
  {
    title: 'one person with an old and a new key is one person',
    again: [signed(key('a', 2))],
    inForce: { ...boStruck, people: [owner('a', key('a'), key('a', 2)), maintainer('c')] },
    met: false,
    counted: ['ada'],
    reasons: ['struck'],
  },
];

describe('a published release', () => {
  it.each(rows)('$title', (row) => {
    const recorded = row.recorded ?? before('a', 'b');
    const changed = Object.entries(row.keys ?? {}).map(([letter, change]) => keyFacts(key(letter), change));
    const inForce = policy(row.inForce);
    const verdict = evaluate(
      caseOf({
        policy: policy(row.record),
        strikes: inForce.struck,
        released: { inForce, recorded: new Set(recorded.map(({ facts }) => facts.packetSha256)) },
        signatures: [...recorded, ...(row.again ?? [])],
        keys: new Map([...allKeys, ...changed.map((facts) => [facts.primary, facts] as const)]),
        openedAt: noon - 3 * day,
      }),
    );
    const { met, counted, notCounted, couldStillSign } = verdict;
    expect({ met, counted, reasons: notCounted.map(({ reason }) => reason.code) }).toEqual({
      ...{ met: row.met, counted: row.counted, reasons: row.reasons ?? [] },
    });
    if (row.couldStillSign) expect(couldStillSign).toEqual(row.couldStillSign);
  });
});
