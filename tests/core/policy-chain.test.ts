// Which policy may follow which, and who must sign it: tables.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import type { Policy } from '#lib/core/policy.ts';
import { evaluatePolicy, requireFollows, weakeningsOf, type Weakening } from '#lib/core/policy-chain.ts';
import {
  allKeys,
  day,
  digest,
  factsBy,
  instant,
  key,
  keyFacts,
  maintainer,
  name,
  noon,
  owner,
  policy,
  revoked,
} from '../support/cases.ts';

const base = policy({
  version: 3,
  threshold: 2,
  ownerThreshold: 1,
  openerCounts: false,
  waitHours: 24,
  fileSignatures: false,
});
const next = (change: Partial<Policy>): Policy => ({ ...base, version: 4, previous: digest('9'), ...change });
const bo = { name: name('bo'), keys: [key('b')] };
const retiredBo = { ...bo, since: instant(noon) };
const struckBo = { ...bo, since: null, reason: 'rogue' };

const changes: { title: string; change: Partial<Policy>; weakenings: Weakening[] }[] = [
  { title: 'the same rules', change: {}, weakenings: [] },
  { title: 'a raised threshold', change: { threshold: 3 }, weakenings: [] },
  { title: 'a lowered threshold', change: { threshold: 1 }, weakenings: ['threshold-lowered'] },
  { title: 'a shorter wait', change: { waitHours: 23 }, weakenings: ['wait-shortened'] },
  { title: 'a longer wait', change: { waitHours: 48 }, weakenings: [] },
  { title: 'the opener counts', change: { openerCounts: true }, weakenings: ['opener-counts'] },
  { title: 'file signatures count', change: { fileSignatures: true }, weakenings: ['file-signatures-on'] },
  { title: 'a new person', change: { people: [...base.people, maintainer('d')] }, weakenings: ['person-added'] },
  {
    title: 'a new key',
    change: { people: [owner('a', key('a'), key('a', 2)), maintainer('b'), maintainer('c')] },
    weakenings: ['key-added'],
  },
  {
    title: 'a new owner among the people',
    change: { people: [owner('a'), owner('b'), maintainer('c')] },
    weakenings: ['owner-made'],
  },
  {
    title: 'an owner who becomes maintainer',
    change: { people: [maintainer('a'), owner('b'), maintainer('c')] },
    weakenings: ['owner-made'],
  },
  {
    title: 'a retired person',
    change: { people: [owner('a'), maintainer('c')], retired: [retiredBo] },
    weakenings: [],
  },
  {
    title: 'so many leave that fewer are left than a release needs',
    change: { people: [owner('a')], retired: [retiredBo, { ...retiredBo, name: name('chi'), keys: [key('c')] }] },
    weakenings: ['people-below-threshold'],
  },
  {
    title: 'a threshold above the number of people, nobody left',
    change: { threshold: 9 },
    weakenings: [],
  },
];

describe('weakeningsOf', () => {
  it.each(changes)('$title: $weakenings', ({ change, weakenings }) => {
    expect(weakeningsOf(base, next(change))).toEqual(weakenings);
  });
});

type SignRow = { title: string; previous: Policy | null; next: Policy; by: string[]; met: boolean; counts: string[] };
const twoOwners = { ...base, ownerThreshold: 2, people: [owner('a'), owner('b'), maintainer('c')] };
const v1 = policy({ threshold: 2, people: [owner('a'), owner('b'), maintainer('c')] });

const signRows: SignRow[] = [
  {
    title: 'version 1 needs every owner it names',
    previous: null,
    next: v1,
    by: ['a'],
    met: false,
    counts: ['founders 1/2'],
  },
  {
    title: 'version 1 is met when every owner signed',
    previous: null,
    next: v1,
    by: ['a', 'b'],
    met: true,
    counts: ['founders 2/2'],
  },
  {
    title: 'raising the threshold needs an owner alone',
    previous: base,
    next: next({ threshold: 3 }),
    by: ['a'],
    met: true,
    counts: ['owners 1/1'],
  },
  {
    title: 'a maintainer alone changes nothing',
    previous: base,
    next: next({ threshold: 3 }),
    by: ['b', 'c'],
    met: false,
    counts: ['owners 0/1'],
  },
  {
    title: 'lowering the threshold by one owner alone is not met',
    previous: base,
    next: next({ threshold: 1 }),
    by: ['a'],
    met: false,
    counts: ['owners 1/1', 'weakening 1/2'],
  },
  {
    title: 'lowering the threshold is met with the old number of people',
    previous: base,
    next: next({ threshold: 1 }),
    by: ['a', 'c'],
    met: true,
    counts: ['owners 1/1', 'weakening 2/2'],
  },
  {
    title: 'adding a person needs the old number of people',
    previous: base,
    next: next({ people: [...base.people, maintainer('d')] }),
    by: ['a'],
    met: false,
    counts: ['owners 1/1', 'weakening 1/2'],
  },
  {
    title: 'the person who is added does not count for it',
    previous: base,
    next: next({ people: [...base.people, maintainer('d')] }),
    by: ['a', 'd'],
    met: false,
    counts: ['owners 1/1', 'weakening 1/2'],
  },
  {
    title: 'a founder alone can add people where a threshold of 2 could not be met yet',
    previous: policy({ people: [owner('a')] }),
    next: { ...policy({ version: 2 }), previous: digest('9') },
    by: ['a'],
    met: true,
    counts: ['owners 1/1', 'weakening 1/1'],
  },
  {
    title: 'two owners must sign where the owner threshold is 2',
    previous: twoOwners,
    next: { ...twoOwners, version: 4, threshold: 3 },
    by: ['a'],
    met: false,
    counts: ['owners 1/2'],
  },
  {
    title: 'a new owner must sign too',
    previous: base,
    next: next({ people: [owner('a'), owner('b'), maintainer('c')], ownerThreshold: 2 }),
    by: ['a', 'c'],
    met: false,
    counts: ['owners 1/1', 'new-owners 1/2', 'weakening 2/2'],
  },
  {
    title: 'a new owner who signed makes it met',
    previous: base,
    next: next({ people: [owner('a'), owner('b'), maintainer('c')], ownerThreshold: 2 }),
    by: ['a', 'b'],
    met: true,
    counts: ['owners 1/1', 'new-owners 2/2', 'weakening 2/2'],
  },
  {
    title: 'an outsider counts nowhere',
    previous: base,
    next: next({ threshold: 3 }),
    by: ['e'],
    met: false,
    counts: ['owners 0/1'],
  },
];

const signaturesBy = (letters: string[]) => letters.map((letter) => ({ facts: factsBy(key(letter)), received: noon }));

describe('evaluatePolicy', () => {
  it.each(signRows)('$title', ({ previous, next: after, by, met, counts }) => {
    const verdict = evaluatePolicy(previous, after, signaturesBy(by), allKeys, noon);
    expect(verdict.met).toBe(met);
    expect(verdict.needs.map((need) => `${need.why} ${need.counted.length}/${need.required}`)).toEqual(counts);
  });

  it('a second key of the same owner does not count twice', () => {
    const previous = { ...twoOwners, people: [owner('a', key('a'), key('a', 2)), owner('b'), maintainer('c')] };
    const signatures = [key('a'), key('a', 2)].map((by) => ({ facts: factsBy(by), received: noon }));
    expect(evaluatePolicy(previous, { ...previous, version: 4 }, signatures, allKeys, noon).needs[0]?.counted).toEqual([
      'ada',
    ]);
  });

  it('a hard-revoked key counts nowhere and says why', () => {
    const keys = new Map([...allKeys, [key('a'), keyFacts(key('a'), { revocation: revoked('hard', noon - day) })]]);
    const verdict = evaluatePolicy(base, next({ threshold: 3 }), signaturesBy(['a']), keys, noon);
    expect(verdict.met).toBe(false);
    expect(verdict.notCounted.map(({ reason }) => reason.code)).toEqual(['key-revoked-hard']);
  });

  it('names who could still sign', () => {
    expect(evaluatePolicy(base, next({ threshold: 1 }), signaturesBy(['a']), allKeys, noon).couldStillSign).toEqual([
      'bo',
      'chi',
    ]);
  });
});

const breaks: { title: string; before: Policy; after: Policy }[] = [
  { title: 'skips a version', before: base, after: next({ version: 5 }) },
  { title: 'names another predecessor', before: base, after: next({ previous: digest('8') }) },
  { title: 'is of another project', before: base, after: next({ project: 'sunset' as Policy['project'] }) },
  { title: 'drops a person without an entry', before: base, after: next({ people: [owner('a'), maintainer('b')] }) },
  {
    title: 'drops a key without an entry',
    before: { ...base, people: [owner('a', key('a'), key('a', 2)), maintainer('b'), maintainer('c')] },
    after: next({}),
  },
  { title: 'forgets a retired person', before: { ...base, retired: [retiredBo] }, after: next({}) },
  { title: 'forgets a struck person', before: { ...base, struck: [struckBo] }, after: next({}) },
  {
    title: 'turns a strike into a retirement',
    before: { ...base, struck: [struckBo] },
    after: next({ retired: [retiredBo] }),
  },
  {
    title: 'gives a key to another name',
    before: base,
    after: next({
      people: [owner('a'), maintainer('b'), maintainer('c'), maintainer('d', key('d'))],
      retired: [{ name: name('dee'), keys: [key('b')], since: instant(noon) }],
    }),
  },
  { title: 'is a first policy that ends somebody', before: base, after: policy({ retired: [retiredBo] }) },
];

describe('requireFollows', () => {
  it('accepts the next version', () => {
    expect(() => requireFollows({ policy: base, sha256: digest('9') }, next({ threshold: 3 }))).not.toThrow();
  });

  it('accepts that a retired person is struck', () => {
    const before = {
      policy: { ...base, people: [owner('a'), maintainer('c')], retired: [retiredBo] },
      sha256: digest('9'),
    };
    expect(() =>
      requireFollows(before, next({ people: [owner('a'), maintainer('c')], struck: [struckBo] })),
    ).not.toThrow();
  });

  it.each(breaks)('refuses a policy that $title', ({ before, after }) => {
    const first = after.version === 1;
    expect(codeOf(() => requireFollows(first ? null : { policy: before, sha256: digest('9') }, after))).toBe(
      'policy.breaks-chain',
    );
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (fault) {
    return isRefusal(fault) ? fault.code : String(fault);
  }
  return 'accepted';
}
