// What each kind of change makes of a policy, whose signatures it then needs, and what could never follow.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { makeNextPolicy, type PolicyWish } from '#lib/core/next-policy.ts';
import { evaluatePolicy, requireFollows } from '#lib/core/policy-chain.ts';
import { readPolicy, renderPolicy, type Policy } from '#lib/core/policy.ts';
import {
  allKeys,
  day,
  digest,
  factsBy,
  instant,
  key,
  maintainer,
  name,
  noon,
  owner,
  policy,
} from '../support/cases.ts';

const [ada, bo, chi, dee] = [name('ada'), name('bo'), name('chi'), name('dee')];
const sha256 = digest('9');
const retiredDee = { name: dee, keys: [key('d')], since: instant(noon - 9 * day) };
const struckEve = { name: name('eve'), keys: [key('e')], since: instant(noon - 2 * day), reason: 'rogue' };
/** 2 of 3; ada and bo own it and one of them changes rules; dee left, eve was struck since two days ago. */
const base = policy({
  ...{ version: 3, openerCounts: false, waitHours: 24, fileSignatures: false },
  people: [owner('a'), owner('b'), maintainer('c')],
  retired: [retiredDee],
  struck: [struckEve],
});
const since = instant(noon - day);
const date = instant(noon);

type Row = { title: string; wish: PolicyWish; gives: Partial<Policy>; needs: string[] };
const owners = 'owners 1';
const weak = 'weakening 2';
const newOwners = 'new-owners 1';
const [retiredChi, retiredBo] = [
  { name: chi, keys: [key('c')], since: date },
  { name: bo, keys: [key('b')], since: date },
];
const rows: Row[] = [
  { title: 'a raised threshold', wish: { threshold: 3 }, gives: { threshold: 3 }, needs: [owners] },
  { title: 'a lowered threshold', wish: { threshold: 1 }, gives: { threshold: 1 }, needs: [owners, weak] },
  {
    title: 'more owners for changes',
    wish: { ownerThreshold: 2 },
    gives: { ownerThreshold: 2 },
    needs: [owners, 'new-owners 2'],
  },
  { title: 'the opener counts', wish: { openerCounts: true }, gives: { openerCounts: true }, needs: [owners, weak] },
  { title: 'file signatures', wish: { fileSignatures: true }, gives: { fileSignatures: true }, needs: [owners, weak] },
  { title: 'a longer wait', wish: { waitHours: 48 }, gives: { waitHours: 48 }, needs: [owners] },
  { title: 'a shorter wait', wish: { waitHours: 0 }, gives: { waitHours: 0 }, needs: [owners, weak] },
  {
    title: 'a new person',
    wish: { admit: [maintainer('fay', key('f'))] },
    gives: { people: [...base.people, maintainer('fay', key('f'))] },
    needs: [owners, weak],
  },
  {
    title: 'somebody who left comes back with the same key',
    wish: { admit: [maintainer('d')] },
    gives: { people: [...base.people, maintainer('d')], retired: [retiredDee] },
    needs: [owners, weak],
  },
  {
    title: 'a maintainer who retires',
    wish: { remove: [{ name: chi, how: 'retire' }] },
    gives: { people: [owner('a'), owner('b')], retired: [retiredDee, retiredChi] },
    needs: [owners],
  },
  {
    title: 'an owner who retires',
    wish: { remove: [{ name: bo, how: 'retire' }] },
    gives: { people: [owner('a'), maintainer('c')], retired: [retiredDee, retiredBo] },
    needs: [owners, newOwners],
  },
  {
    title: 'a maintainer who is struck since a moment',
    wish: { remove: [{ name: chi, how: 'strike', since, reason: 'rogue' }] },
    gives: {
      people: [owner('a'), owner('b')],
      struck: [struckEve, { name: chi, keys: [key('c')], since, reason: 'rogue' }],
    },
    needs: [owners],
  },
  {
    title: 'an owner who is struck altogether while the threshold is raised',
    wish: { threshold: 3, remove: [{ name: bo, how: 'strike', since: null, reason: 'stolen' }] },
    gives: {
      threshold: 3,
      people: [owner('a'), maintainer('c')],
      struck: [struckEve, { name: bo, keys: [key('b')], since: null, reason: 'stolen' }],
    },
    needs: [owners, newOwners],
  },
  {
    title: 'somebody long retired who is struck',
    wish: { remove: [{ name: dee, how: 'strike', since: null, reason: 'was rogue' }] },
    gives: {
      retired: [],
      struck: [struckEve, { name: dee, keys: [key('d')], since: null, reason: 'was rogue' }],
    },
    needs: [owners],
  },
  {
    title: 'somebody struck since a moment who is struck from an earlier one on',
    wish: { remove: [{ name: name('eve'), how: 'strike', since: null, reason: 'worse' }] },
    gives: { struck: [struckEve, { name: name('eve'), keys: [key('e')], since: null, reason: 'worse' }] },
    needs: [owners],
  },
  {
    title: 'a maintainer who becomes an owner',
    wish: { roles: [{ name: chi, role: 'owner' }] },
    gives: { people: [owner('a'), owner('b'), owner('c')] },
    needs: [owners, newOwners, weak],
  },
  {
    title: 'an owner who becomes a maintainer',
    wish: { roles: [{ name: bo, role: 'maintainer' }] },
    gives: { people: [owner('a'), maintainer('b'), maintainer('c')] },
    needs: [owners, newOwners],
  },
  {
    title: 'a further key',
    wish: { addKeys: [{ name: chi, key: key('c', 2) }] },
    gives: { people: [owner('a'), owner('b'), maintainer('c', key('c'), key('c', 2))] },
    needs: [owners, weak],
  },
  {
    title: 'a key in place of another',
    wish: { addKeys: [{ name: chi, key: key('c', 2) }], dropKeys: [key('c')] },
    gives: { people: [owner('a'), owner('b'), maintainer('c', key('c', 2))], retired: [retiredDee, retiredChi] },
    needs: [owners, weak],
  },
  {
    title: 'the only key of a person is dropped, and they leave with it',
    wish: { dropKeys: [key('c')] },
    gives: { people: [owner('a'), owner('b')], retired: [retiredDee, retiredChi] },
    needs: [owners],
  },
  {
    title: 'the last owners hand over to a new one and leave',
    wish: { roles: [{ name: chi, role: 'owner' }], remove: [ada, bo].map((left) => ({ name: left, how: 'retire' })) },
    gives: {
      people: [owner('c')],
      retired: [retiredDee, { name: ada, keys: [key('a')], since: date }, retiredBo],
    },
    needs: [owners, newOwners, weak],
  },
];

describe('makeNextPolicy', () => {
  it.each(rows)('$title needs $needs', ({ wish, gives, needs }) => {
    const before = JSON.stringify(base);
    const next = makeNextPolicy({ policy: base, sha256 }, wish, date);
    expect(next).toEqual({ ...base, version: 4, previous: sha256, date, ...gives });
    requireFollows({ policy: base, sha256 }, next);
    expect(readPolicy(new TextEncoder().encode(renderPolicy(next)))).toEqual(next);
    const verdict = evaluatePolicy(base, next, [], allKeys, noon);
    expect(verdict.needs.map(({ why, required }) => `${why} ${required}`)).toEqual(needs);
    expect(JSON.stringify(base)).toBe(before);
  });

  it('strikes with a person the keys that they dropped before', () => {
    const before = policy({ version: 3, retired: [{ name: chi, keys: [key('c', 2)], since }] });
    const remove = [{ name: chi, how: 'strike', since: null, reason: 'rogue' }] as const;
    const next = makeNextPolicy({ policy: before, sha256 }, { remove }, date);
    expect(next.struck).toEqual([{ name: chi, keys: [key('c'), key('c', 2)], since: null, reason: 'rogue' }]);
    expect(next.retired).toEqual([]);
    requireFollows({ policy: before, sha256 }, next);
  });

  it('makes what is signed by its needs and by nobody less', () => {
    const next = makeNextPolicy({ policy: base, sha256 }, { remove: [{ name: bo, how: 'retire' }] }, date);
    const signedBy = (letter: string) => [{ facts: factsBy(key(letter)), received: noon }];
    expect(evaluatePolicy(base, next, signedBy('a'), allKeys, noon).met).toBe(true);
    expect(evaluatePolicy(base, next, signedBy('c'), allKeys, noon).met).toBe(false);
    // bo may agree to their own leaving, but the project must be left to owners who agree too
    expect(evaluatePolicy(base, next, signedBy('b'), allKeys, noon).met).toBe(false);
  });
});

const oneOwner = policy({ version: 3 });
const refused: { title: string; before?: Policy; wish: PolicyWish; code: string }[] = [
  { title: 'nothing', wish: {}, code: 'policy.changes-nothing' },
  { title: 'what is so already', wish: { threshold: 2 }, code: 'policy.changes-nothing' },
  {
    title: 'the leaving of a stranger',
    wish: { remove: [{ name: name('zoe'), how: 'retire' }] },
    code: 'policy.not-a-person-of',
  },
  {
    title: 'the retiring of who left',
    wish: { remove: [{ name: dee, how: 'retire' }] },
    code: 'policy.not-a-person-of',
  },
  { title: 'a role for a stranger', wish: { roles: [{ name: dee, role: 'owner' }] }, code: 'policy.not-a-person-of' },
  {
    title: 'a key for a stranger',
    wish: { addKeys: [{ name: dee, key: key('d', 2) }] },
    code: 'policy.not-a-person-of',
  },
  { title: 'dropping a key of nobody', wish: { dropKeys: [key('d')] }, code: 'policy.not-a-key-of' },
  { title: 'admitting who is in', wish: { admit: [maintainer('c')] }, code: 'invitation.already-in' },
  {
    title: 'a second strike that voids no more',
    wish: { remove: [{ name: name('eve'), how: 'strike', since, reason: 'again' }] },
    code: 'policy.already-struck',
  },
  {
    title: 'a strike without a reason',
    wish: { remove: [{ name: chi, how: 'strike', since: null, reason: ' ' }] },
    code: 'policy.reason-missing',
  },
  {
    title: 'a strike since tomorrow',
    wish: { remove: [{ name: chi, how: 'strike', since: instant(noon + day), reason: 'x' }] },
    code: 'policy.since-ahead',
  },
  {
    title: 'the leaving of the last owner',
    before: oneOwner,
    wish: { remove: [{ name: ada, how: 'retire' }] },
    code: 'policy.last-owner',
  },
  { title: 'the last owner’s only key', before: oneOwner, wish: { dropKeys: [key('a')] }, code: 'policy.last-owner' },
  {
    title: 'the last owner as maintainer',
    before: oneOwner,
    wish: { roles: [{ name: ada, role: 'maintainer' }] },
    code: 'policy.last-owner',
  },
  { title: 'more owners than there are', wish: { ownerThreshold: 3 }, code: 'policy.too-few-owners' },
  {
    title: 'an owner less than changes need',
    before: { ...base, ownerThreshold: 2 },
    wish: { remove: [{ name: bo, how: 'retire' }] },
    code: 'policy.too-few-owners',
  },
];

describe('a change that could never follow', () => {
  it.each(refused)('is refused: $title', ({ before = base, wish, code }) => {
    expect(codeOf(() => makeNextPolicy({ policy: before, sha256 }, wish, date))).toBe(code);
  });

  it('names a threshold of at least one, and no struck key again: the strict reader says so', () => {
    const read = (wish: PolicyWish) => () =>
      readPolicy(new TextEncoder().encode(renderPolicy(makeNextPolicy({ policy: base, sha256 }, wish, date))));
    expect(codeOf(read({ threshold: 0 }))).toBe('input.not-a');
    expect(codeOf(read({ addKeys: [{ name: chi, key: key('e') }] }))).toBe('policy.malformed');
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (fault) {
    return isRefusal(fault) ? fault.code : String(fault);
  }
}
