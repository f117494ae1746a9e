// The policy that follows, made from the one before and what is to change (rules.md "Policies"; docs/formats/policy.md, "What must hold
// between two"). Pure: the same wish gives the same document in a preview and in a proposal. It trusts `before`; names and keys of a wish are
// hostile. It refuses what could never follow; who must sign the result is the business of policy-chain.ts.
import { refuse } from './errors.ts';
import { instantMs, type AccountName, type Fingerprint, type Instant, type Sha256 } from './ids.ts';
import { ownersOf, personOfKey, type Policy, type PolicyPerson, type Struck } from './policy.ts';

/** Retire: what they signed keeps counting. Strike: what was received since then (null: everything) never counts again. */
export type Removal =
  { name: AccountName; how: 'retire' } | { name: AccountName; how: 'strike'; since: Instant | null; reason: string };

/** A whole change of the rules. What is absent stays as it is. */
export type PolicyWish = Partial<
  Pick<Policy, 'threshold' | 'ownerThreshold' | 'openerCounts' | 'waitHours' | 'fileSignatures'>
> & {
  /** People who are new (accepted invitations). */
  admit?: readonly PolicyPerson[];
  /** Proven keys of people who are in. With a dropped one of the same person: a replacement. */
  addKeys?: readonly { name: AccountName; key: Fingerprint }[];
  /** Keys that leave in good standing (lost, replaced). Who has no other key leaves with it. */
  dropKeys?: readonly Fingerprint[];
  remove?: readonly Removal[];
  roles?: readonly { name: AccountName; role: PolicyPerson['role'] }[];
};

type Lists = Pick<Policy, 'people' | 'retired' | 'struck'>;

/**
 * The next version, which `requireFollows` accepts. Refuses `policy.changes-nothing`, `policy.not-a-person-of`, `policy.not-a-key-of`,
 * `policy.already-struck`, `policy.since-ahead`, `policy.reason-missing`, `policy.last-owner`, `policy.too-few-owners`, `invitation.already-in`.
 */
export function makeNextPolicy(before: { policy: Policy; sha256: Sha256 }, wish: PolicyWish, date: Instant): Policy {
  const { policy } = before;
  const changed = listsAfter(policy, wish, date);
  const next: Policy = {
    ...policy,
    ...changed,
    threshold: wish.threshold ?? policy.threshold,
    ownerThreshold: wish.ownerThreshold ?? policy.ownerThreshold,
    openerCounts: wish.openerCounts ?? policy.openerCounts,
    waitHours: wish.waitHours ?? policy.waitHours,
    fileSignatures: wish.fileSignatures ?? policy.fileSignatures,
  };
  if (JSON.stringify(next) === JSON.stringify(policy)) throw refuse('policy.changes-nothing', {});
  requireOwnersLeft(policy, next);
  return { ...next, version: policy.version + 1, previous: before.sha256, date };
}

/** Steps in this order, so that a key can be replaced, and somebody admitted or promoted while somebody else leaves. */
function listsAfter(before: Policy, wish: PolicyWish, date: Instant): Lists {
  let lists: Lists = { people: before.people, retired: before.retired, struck: before.struck };
  for (const added of wish.addKeys ?? []) lists = withKey(before, lists, added);
  for (const key of new Set(wish.dropKeys)) lists = withoutKey(before, lists, key, date);
  for (const removal of wish.remove ?? []) lists = without(before, lists, removal, date);
  for (const change of wish.roles ?? []) lists = withRole(before, lists, change);
  for (const person of wish.admit ?? []) lists = withPerson(lists, person);
  return lists;
}

const isNamed = (list: readonly { name: AccountName }[], name: AccountName): boolean =>
  list.some((entry) => entry.name === name);

const notAPerson = (before: Policy, name: AccountName) =>
  refuse('policy.not-a-person-of', { name, project: before.project });

function withKey(before: Policy, lists: Lists, { name, key }: { name: AccountName; key: Fingerprint }): Lists {
  if (!isNamed(lists.people, name)) throw notAPerson(before, name);
  const people = lists.people.map((person) =>
    person.name === name && !person.keys.includes(key) ? { ...person, keys: [...person.keys, key] } : person,
  );
  return { ...lists, people };
}

function withoutKey(before: Policy, lists: Lists, key: Fingerprint, since: Instant): Lists {
  const holder = personOfKey(before, key);
  if (!holder) throw refuse('policy.not-a-key-of', { project: before.project, key });
  const people = lists.people
    .map((person) => ({ ...person, keys: person.keys.filter((other) => other !== key) }))
    .filter((person) => person.keys.length > 0);
  return { ...lists, people, retired: [...lists.retired, { name: holder.name, keys: [key], since }] };
}

function without(before: Policy, lists: Lists, removal: Removal, date: Instant): Lists {
  const { name } = removal;
  if (removal.how === 'strike') return struckFrom(before, lists, removal, date);
  const person = lists.people.find((candidate) => candidate.name === name);
  if (!person) throw notAPerson(before, name);
  const people = lists.people.filter((other) => other !== person);
  return { ...lists, people, retired: [...lists.retired, { name, keys: person.keys, since: date }] };
}

/** Every key that the person ever had here is struck: those in force, those retired, those struck from a later moment on. */
function struckFrom(before: Policy, lists: Lists, removal: Removal & { how: 'strike' }, date: Instant): Lists {
  const { name, since, reason } = removal;
  if (reason.trim() === '') throw refuse('policy.reason-missing', { name });
  if (since !== null && instantMs(since) > instantMs(date)) throw refuse('policy.since-ahead', { name });
  const theirs = [...lists.people, ...lists.retired, ...lists.struck].filter((entry) => entry.name === name);
  if (theirs.length === 0) throw notAPerson(before, name);
  const keys = [...new Set(theirs.flatMap((entry) => entry.keys))].filter(
    (key) => !coversKey(lists.struck, key, since),
  );
  if (keys.length === 0) throw refuse('policy.already-struck', { name, project: before.project });
  return {
    people: lists.people.filter((person) => person.name !== name),
    retired: lists.retired.filter((entry) => entry.name !== name),
    struck: [...lists.struck, { name, keys, since, reason }],
  };
}

/** Whether a strike that stands voids at least as much. */
const coversKey = (struck: readonly Struck[], key: Fingerprint, since: Instant | null): boolean =>
  struck.some(
    (entry) =>
      entry.keys.includes(key) &&
      (entry.since === null || (since !== null && instantMs(entry.since) <= instantMs(since))),
  );

function withRole(before: Policy, lists: Lists, change: Pick<PolicyPerson, 'name' | 'role'>): Lists {
  if (!isNamed(lists.people, change.name)) throw notAPerson(before, change.name);
  const people = lists.people.map((person) =>
    person.name === change.name ? { ...person, role: change.role } : person,
  );
  return { ...lists, people };
}

function withPerson(lists: Lists, person: PolicyPerson): Lists {
  if (isNamed(lists.people, person.name)) throw refuse('invitation.already-in', { name: person.name });
  return { ...lists, people: [...lists.people, person] };
}

/** Said here with the name; the strict reader of policies would refuse it too. */
function requireOwnersLeft(before: Policy, next: Policy): void {
  const { project, ownerThreshold } = next;
  const owners = ownersOf(next);
  const lost = ownersOf(before).find(({ name }) => !isNamed(owners, name));
  if (lost && owners.length === 0) throw refuse('policy.last-owner', { name: lost.name, project });
  if (owners.length < ownerThreshold)
    throw refuse('policy.too-few-owners', { owners: owners.length, required: ownerThreshold, project });
}
