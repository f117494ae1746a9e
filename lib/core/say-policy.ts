// A policy in sentences, and what a change changes, one line a thing: old beside new, so that nobody has to compare JSON. The same words on pages, in
// mails and in the client.
import type { NeedMet, Weakening } from './policy-chain.ts';
import type { Policy } from './policy.ts';

/** One thing that differs; `before` null: it was not there. */
export type PolicyChange = { what: string; before: string | null; after: string };

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
/** A threshold above the number of people is said as what it is: they are too few yet. */
const ofPeople = (threshold: number, count: number): string =>
  count < threshold
    ? `${threshold} people, of whom there ${count === 1 ? 'is' : 'are'} ${count} yet`
    : `${threshold} of ${people(count)}`;
const keysOf = (keys: readonly string[]): string => (keys.length === 1 ? 'one key' : `${keys.length} keys`);

/** The rules of one policy. */
export function sayPolicy(policy: Policy): string[] {
  const { threshold, ownerThreshold, openerCounts, waitHours, fileSignatures } = policy;
  const names = policy.people.map((person) => `${person.name} (${person.role}, ${keysOf(person.keys)})`).join(', ');
  return [
    `Every file of a release needs the signatures of ${ofPeople(threshold, policy.people.length)}: ${names}.`,
    `A policy change needs the signatures of ${owners(ownerThreshold)}, and of ${threshold} people where it weakens the rules.`,
    openerCounts
      ? 'The signature of whoever opened the draft counts.'
      : 'The signature of whoever opened the draft does not count.',
    waitHours === 0
      ? 'A release is published as soon as it is signed.'
      : `A release is published ${waitHours} hours after it is signed.`,
    fileSignatures ? 'Signatures over single files count for that file.' : 'Only signatures over the statement count.',
  ];
}

type Told = { what: string; of: (policy: Policy) => string };

const ownersOf = ({ people: all }: Policy): number => all.filter(({ role }) => role === 'owner').length;
const owners = (count: number): string => (count === 1 ? '1 owner' : `${count} owners`);

const told: Told[] = [
  {
    what: 'A release',
    of: ({ threshold, people: all }) => `needs the signatures of ${ofPeople(threshold, all.length)}.`,
  },
  {
    what: 'A policy change',
    of: (policy) => `needs the signatures of ${policy.ownerThreshold} of ${owners(ownersOf(policy))}.`,
  },
  {
    what: 'Whoever opens a draft',
    of: ({ openerCounts }) => (openerCounts ? 'may also sign it.' : 'cannot count as a signer of it.'),
  },
  {
    what: 'Between signing and publishing',
    of: ({ waitHours }) =>
      waitHours === 0 ? 'nobody waits.' : `lie ${waitHours === 1 ? '1 hour' : `${waitHours} hours`}.`,
  },
  {
    what: 'Signatures over single files',
    of: ({ fileSignatures }) => (fileSignatures ? 'count for that file.' : 'do not count; only the statement does.'),
  },
];

/** Everything that differs, old beside new; for a first policy everything that it says. */
export function changesOf(before: Policy | null, next: Policy): PolicyChange[] {
  const numbers = told.map(({ what, of }) => ({ what, before: before && of(before), after: of(next) }));
  const people = [...peopleChanges(before, next), ...endedChanges(before, next)];
  return [...numbers.filter((change) => change.before !== change.after), ...people];
}

/** One difference as one line, for mails: "A release needs the signatures of 2 of 3 people. Before: needs the signatures of 1 of 3 people." */
export const sayChange = ({ what, before, after }: PolicyChange): string =>
  `${what} ${after}${before === null ? '' : ` Before: ${before}`}`;

function peopleChanges(before: Policy | null, next: Policy): PolicyChange[] {
  const names = [...new Set([...(before?.people ?? []), ...next.people].map((person) => person.name))];
  const say = (policy: Policy | null, name: string): string | null => {
    const person = policy?.people.find((candidate) => candidate.name === name);
    return person
      ? `is ${person.role === 'owner' ? 'an owner' : 'a maintainer'} with ${person.keys.join(' and ')}.`
      : null;
  };
  return names.flatMap((name): PolicyChange[] => {
    const [was, becomes] = [say(before, name), say(next, name)];
    return was === becomes ? [] : [{ what: name, before: was, after: becomes ?? endOf(next, name) }];
  });
}

/** How somebody left, from the lists of the policy that they are no longer in. */
function endOf(policy: Policy, name: string): string {
  const strike = policy.struck.findLast((entry) => entry.name === name);
  if (!strike) return 'is retired: what they signed keeps counting.';
  const from =
    strike.since === null ? 'nothing that they signed counts' : `nothing received since ${strike.since} counts`;
  return `is struck: ${from}. Reason: ${strike.reason}`;
}

/** Strikes of people who had left before. */
function endedChanges(before: Policy | null, next: Policy): PolicyChange[] {
  if (!before) return [];
  const known = new Set(before.struck.map((entry) => JSON.stringify(entry)));
  const current = new Set(before.people.map(({ name }) => name));
  const late = next.struck.filter((entry) => !known.has(JSON.stringify(entry)) && !current.has(entry.name));
  return [...new Set(late.map(({ name }) => name))].map((name) => ({
    what: name,
    before: endOf(before, name),
    after: endOf(next, name),
  }));
}

const weakenings: Record<Weakening, string> = {
  'threshold-lowered': 'A release would need fewer people.',
  'owner-threshold-lowered': 'A policy change would need fewer owners.',
  'wait-shortened': 'There would be less time between signed and published.',
  'opener-counts': 'Whoever opens a draft would count for it.',
  'file-signatures-on': 'Signatures over single files would count.',
  'person-added': 'Somebody new could sign.',
  'key-added': 'Somebody could sign with another key.',
  'owner-made': 'Somebody would become an owner.',
  'people-below-threshold': 'Fewer people would be left than a release needs.',
};

/** In what way a change is weaker than the rules before it. */
export const sayWeakening = (kind: Weakening): string => weakenings[kind];

/** Who must sign, and why. */
export function sayNeed(need: Pick<NeedMet, 'why' | 'required' | 'policyVersion'>): string {
  const { required, policyVersion } = need;
  if (need.why === 'founders') return 'Every owner that the first policy names';
  if (need.why === 'owners') return `${owners(required)} of policy ${policyVersion}`;
  if (need.why === 'new-owners') return `${owners(required)} of policy ${policyVersion}, because the owners change`;
  return `${people(required)} of policy ${policyVersion}, because it weakens the rules`;
}

/** All counts in one sentence: "Owners 1 of 2; this weakens the rules, so 1 more of 2 people must sign." */
export function sayCounts(needs: readonly Pick<NeedMet, 'why' | 'required' | 'counted' | 'missing'>[]): string {
  const parts = needs.map(({ why, required, counted, missing }) => {
    const count = `${counted.length} of ${required}`;
    if (why === 'founders') return `founding owners ${count}`;
    if (why === 'owners') return `owners ${count}`;
    if (why === 'new-owners') return `owners that it names ${count}`;
    return missing === 0
      ? `it weakens the rules, and ${count} people have signed`
      : `it weakens the rules, so ${missing} more of ${people(required)} must sign`;
  });
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
