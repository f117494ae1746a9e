// When a chain may begin anew, what it has to keep, and that it never passes as a step of the chain before it: tables.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { beginsNewChain, isStuck, requireBeginsAnew } from '#lib/core/new-chain.ts';
import { evaluatePolicy, requireFollows } from '#lib/core/policy-chain.ts';
import { readPolicy, renderPolicy, type Policy } from '#lib/core/policy.ts';
import { allKeys, digest, factsBy, instant, key, maintainer, name, noon, owner, policy } from '../support/cases.ts';

const retired = (letter: string, who: string) => ({ name: name(who), keys: [key(letter)], since: instant(noon) });
const struckEve = { name: name('eve'), keys: [key('e')], since: null, reason: 'rogue' };
const before = policy({
  version: 3,
  threshold: 2,
  ownerThreshold: 2,
  people: [owner('a'), owner('b'), maintainer('c')],
  struck: [struckEve],
});
const anew = (change: Partial<Policy> = {}): Policy => ({
  ...before,
  version: 4,
  previous: null,
  ownerThreshold: 1,
  threshold: 1,
  people: [owner('a')],
  retired: [retired('b', 'bo'), retired('c', 'chi')],
  ...change,
});

const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (fault) {
    if (isRefusal(fault)) return fault.code;
    throw fault;
  }
};

describe('a project is stuck', () => {
  const rows: { title: string; lost: string[]; stuck: boolean }[] = [
    { title: 'not while everybody can sign', lost: [], stuck: false },
    { title: 'not while owners and threshold are still there', lost: ['c'], stuck: false },
    { title: 'when fewer owners can sign than must', lost: ['b'], stuck: true },
    { title: 'when nobody can sign', lost: ['a', 'b', 'c'], stuck: true },
  ];
  it.each(rows)('$title', ({ lost, stuck }) => {
    const gone = new Set(lost.map((letter) => key(letter)));
    expect(isStuck(before, (candidate) => !gone.has(candidate))).toBe(stuck);
  });

  it('when the owners could sign, but not the people whom a weakening needs', () => {
    const lonely = policy({ threshold: 3, people: [owner('a'), maintainer('b'), maintainer('c')] });
    expect(isStuck(lonely, (candidate) => candidate !== key('c'))).toBe(true);
  });

  it('not because its threshold exceeds the number of its people: they can still change that', () => {
    const founding = policy({ threshold: 5, people: [owner('a'), maintainer('b')] });
    expect(isStuck(founding, () => true)).toBe(false);
  });

  it('not where a person has a second key that can sign', () => {
    const two = policy({ threshold: 1, people: [owner('a', key('a'), key('a', 2))] });
    expect(isStuck(two, (candidate) => candidate === key('a', 2))).toBe(false);
  });
});

describe('a policy that begins a new chain', () => {
  it('is read back from its own bytes', () => {
    expect(readPolicy(new TextEncoder().encode(renderPolicy(anew())))).toEqual(anew());
    expect(beginsNewChain(anew())).toBe(true);
  });

  it('is not version 1: nothing was before that', () => {
    expect(beginsNewChain(policy({ version: 1 }))).toBe(false);
  });

  it('never passes as a step of the chain before it', () => {
    expect(codeOf(() => requireFollows({ policy: before, sha256: digest('9') }, anew()))).toBe('policy.breaks-chain');
  });

  it('cannot be a step: one that names what was before it is refused', () => {
    expect(codeOf(() => requireBeginsAnew(before, anew({ previous: digest('9') })))).toBe('policy.breaks-chain');
  });

  const forgotten: { title: string; change: Partial<Policy> }[] = [
    { title: 'another number than the next', change: { version: 5 } },
    { title: 'a strike', change: { struck: [] } },
    { title: 'a key that left without an entry', change: { retired: [retired('b', 'bo')] } },
    { title: 'to whom a key belongs', change: { retired: [retired('b', 'chi'), retired('c', 'chi')] } },
  ];
  it.each(forgotten)('may not forget $title', ({ change }) => {
    expect(codeOf(() => requireBeginsAnew(before, anew(change)))).toBe('policy.breaks-chain');
  });

  it('keeps what was ended, and passes', () => {
    expect(codeOf(() => requireBeginsAnew(before, anew()))).toBeNull();
  });

  it('needs every owner that it names, and nobody else', () => {
    const two = anew({ people: [owner('a'), owner('b')], retired: [retired('c', 'chi')] });
    const by = (letter: string) => ({ facts: factsBy(key(letter)), received: noon });
    const judge = (...letters: string[]) => evaluatePolicy(null, two, letters.map(by), allKeys, noon);
    expect(judge('a').met).toBe(false);
    expect(judge('a', 'c').met).toBe(false);
    expect(judge('a', 'b').met).toBe(true);
  });
});
