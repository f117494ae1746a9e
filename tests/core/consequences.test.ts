// What a change of the rules would do, told before anybody signs it: one table for drafts, one for releases, one for who can sign.
import { describe, expect, it } from 'vitest';
import { canBeMet, consequencesOf, type Affected, type Consequences } from '#lib/core/consequences.ts';
import type { Version } from '#lib/core/ids.ts';
import { makeNextPolicy, type PolicyWish } from '#lib/core/next-policy.ts';
import type { Policy } from '#lib/core/policy.ts';
import { evaluate, type Case } from '#lib/core/verdict.ts';
import {
  allKeys,
  caseOf,
  day,
  digest,
  draftId,
  instant,
  key,
  keyFacts,
  maintainer,
  name,
  noon,
  over,
  owner,
  policy,
  signed,
  wheel,
} from '../support/cases.ts';

const version = '1.0' as Version;
const affected = (change: Partial<Case>): Affected => ({ id: draftId, version, judged: caseOf(change) });
const by = (...letters: string[]) => ({ signatures: letters.map((letter) => signed(key(letter))) });
const after = (before: Policy, wish: PolicyWish) =>
  makeNextPolicy({ policy: before, sha256: digest('9') }, wish, instant(noon));
const base = policy();
const retire = (who: string) => ({ remove: [{ name: name(who), how: 'retire' as const }] });
const strike = (who: string, since: number | null = null) => ({
  remove: [{ name: name(who), how: 'strike' as const, since: since === null ? null : instant(since), reason: 'rogue' }],
});

type Given = Partial<Parameters<typeof consequencesOf>[0]>;
const tell = (wish: PolicyWish, given: Given = {}): Consequences =>
  consequencesOf({
    ...{ before: base, next: after(base, wish), drafts: [], releases: [], keys: allKeys, now: noon },
    ...given,
  });

const drafts: { title: string; wish: PolicyWish; draft: Partial<Case>; effect: string; loses?: string[] }[] = [
  { title: 'a lowered threshold completes one', wish: { threshold: 1 }, draft: by('a'), effect: 'met-now' },
  { title: 'a raised one reopens one', wish: { threshold: 3 }, draft: by('a', 'b'), effect: 'not-met-now' },
  { title: 'and changes the count of another', wish: { threshold: 3 }, draft: by('a'), effect: 'other-count' },
  { title: 'the owner threshold moves none', wish: { waitHours: 9 }, draft: by('a'), effect: 'none' },
  {
    title: 'who retires takes it along',
    wish: retire('bo'),
    draft: by('a', 'b'),
    effect: 'not-met-now',
    loses: ['bo'],
  },
  { title: 'who is struck too', wish: strike('bo'), draft: by('a', 'b'), effect: 'not-met-now', loses: ['bo'] },
  { title: 'who had not signed takes nothing', wish: retire('chi'), draft: by('a', 'b'), effect: 'none' },
  {
    title: 'nobody is left to complete it',
    wish: { threshold: 3, ...retire('chi') },
    draft: by('a'),
    effect: 'impossible',
  },
  {
    title: 'the opener no longer counts',
    wish: { openerCounts: false },
    draft: by('a', 'b'),
    effect: 'not-met-now',
    loses: ['ada'],
  },
  {
    title: 'the opener cannot complete it',
    wish: { openerCounts: false, ...retire('chi') },
    draft: by('b'),
    effect: 'impossible',
  },
  {
    title: 'signatures over files stop counting',
    wish: { fileSignatures: false },
    draft: { signatures: [signed(key('a')), signed(key('b'), over(wheel))] },
    effect: 'other-count',
    loses: ['bo'],
  },
];

describe('an open draft', () => {
  it.each(drafts)('$title: $effect', ({ wish, draft, effect, loses = [] }) => {
    expect(tell(wish, { drafts: [affected(draft)] }).drafts).toMatchObject([{ effect, loses }]);
  });

  it('is told with both counts and those who could still sign', () => {
    expect(tell({ threshold: 3 }, { drafts: [affected(by('a', 'b'))] }).drafts[0]).toMatchObject({
      before: { met: true, counted: ['ada', 'bo'], required: 2 },
      after: { met: false, counted: ['ada', 'bo'], required: 3 },
      couldStillSign: ['chi'],
    });
  });

  it('can be met where every file can: who signed one file may sign the other', () => {
    const { signatures } = { signatures: [signed(key('a'), over(wheel))] };
    const one = policy({ threshold: 1, people: [owner('a')] });
    expect(canBeMet(evaluate(caseOf({ policy: one, signatures })))).toBe(true);
    expect(canBeMet(evaluate(caseOf({ policy: policy({ threshold: 4 }), signatures })))).toBe(false);
    expect(canBeMet(evaluate(caseOf({ files: [] })))).toBe(true);
  });
});

const releases: { title: string; wish: PolicyWish; release: Partial<Case>; effects: string[] }[] = [
  { title: 'a raised threshold leaves it alone', wish: { threshold: 3 }, release: by('a', 'b'), effects: [] },
  { title: 'a retired person leaves it alone', wish: retire('bo'), release: by('a', 'b'), effects: [] },
  { title: 'a struck one makes it fall', wish: strike('bo'), release: by('a', 'b'), effects: ['falls'] },
  { title: 'a third signature carries it', wish: strike('bo'), release: by('a', 'b', 'c'), effects: ['loses'] },
  { title: 'a strike since later leaves it alone', wish: strike('bo', noon), release: by('a', 'b'), effects: [] },
  {
    title: 'a strike since before takes it',
    wish: strike('bo', noon - day),
    release: by('a', 'b'),
    effects: ['falls'],
  },
  { title: 'one without their signature stays', wish: strike('bo'), release: by('a', 'c'), effects: [] },
];

describe('a published release', () => {
  it.each(releases)('$title: $effects', ({ wish, release, effects }) => {
    const told = tell(wish, { releases: [affected(release)] }).releases;
    expect(told.map(({ effect }) => effect)).toEqual(effects);
  });

  it('that falls names who could sign it again: usable keys of the new policy that do not count yet', () => {
    expect(tell(strike('bo'), { releases: [affected(by('a', 'b'))] }).releases).toMatchObject([
      { loses: ['bo'], before: { met: true }, after: { met: false, counted: ['ada'] }, couldSignAgain: ['chi'] },
    ]);
  });
});

describe('who can sign', () => {
  const expired = (letter: string) => keyFacts(key(letter), { expires: noon - day });
  const ending = (letter: string, days: number) => keyFacts(key(letter), { expires: noon + days * day });
  const ring = (...facts: ReturnType<typeof keyFacts>[]) =>
    new Map([...allKeys, ...facts.map((f) => [f.primary, f] as const)]);

  it('names who leaves and who keeps only keys that are of no use', () => {
    const before = policy({ people: [owner('a'), maintainer('b', key('b'), key('b', 2)), maintainer('c')] });
    const next = after(before, { dropKeys: [key('b', 2)], ...retire('chi') });
    const told = tell({ threshold: 1 }, { before, next, keys: ring(expired('b')) });
    expect(told.cannotSign).toEqual([
      { name: 'bo', why: 'no-usable-key' },
      { name: 'chi', why: 'leaves' },
    ]);
    expect(told.usable).toEqual(['ada']);
  });

  it('says how many are above the threshold, and which keys end within 30 days', () => {
    const told = tell({ threshold: 1 }, { keys: ring(ending('a', 29), ending('b', 31), expired('c')) });
    expect(told.spare).toBe(1);
    expect(told.endingKeys).toEqual([{ name: 'ada', key: key('a'), at: noon + 29 * day }]);
  });

  const warned: { title: string; wish: PolicyWish; keys?: Given['keys']; codes: string[] }[] = [
    { title: '2 of 3', wish: { waitHours: 1 }, codes: ['no-owner-to-spare'] },
    { title: '3 of 3', wish: { threshold: 3 }, codes: ['nobody-to-spare', 'no-owner-to-spare'] },
    { title: '4 of 3', wish: { threshold: 4 }, codes: ['too-few-can-sign', 'no-owner-to-spare'] },
    { title: '1 of 3', wish: { threshold: 1 }, codes: ['one-signature', 'no-owner-to-spare'] },
    {
      title: '2 of 3, one expired',
      wish: { waitHours: 1 },
      keys: ring(expired('c')),
      codes: ['nobody-to-spare', 'no-owner-to-spare'],
    },
    {
      title: '2 of 3, the owner expired',
      wish: { waitHours: 1 },
      keys: ring(expired('a')),
      codes: ['nobody-to-spare', 'too-few-owners'],
    },
    { title: '2 owners', wish: { roles: [{ name: name('bo'), role: 'owner' }] }, codes: [] },
    {
      title: 'nobody left but one',
      wish: { ...retire('bo'), threshold: 1 },
      codes: ['one-signature', 'no-owner-to-spare'],
    },
  ];
  it.each(warned)('$title warns of $codes', ({ wish, keys = allKeys, codes }) => {
    expect(tell(wish, { keys }).warnings.map(({ code }) => code)).toEqual(codes);
  });

  it('warns of a first policy as of any other', () => {
    const next = policy({ people: [owner('a')] });
    expect(consequencesOf({ before: null, next, drafts: [], releases: [], keys: allKeys, now: noon })).toMatchObject({
      cannotSign: [],
      spare: -1,
      warnings: [{ code: 'too-few-can-sign', usable: 1, threshold: 2 }],
    });
  });
});
