// A policy in sentences, and what a change changes, one line a thing: old beside new, so that nobody has to compare JSON.
import type { NeedMet, Weakening } from '#lib/core/policy-chain.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { PolicyChange } from './policy-page.ts';

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
const keysOf = (keys: readonly string[]): string => (keys.length === 1 ? 'one key' : `${keys.length} keys`);

/** The rules of one policy. */
export function sayPolicy(policy: Policy): string[] {
  const { threshold, ownerThreshold, openerCounts, waitHours, fileSignatures } = policy;
  const names = policy.people.map((person) => `${person.name} (${person.role}, ${keysOf(person.keys)})`).join(', ');
  return [
    `Every file of a release needs the signatures of ${threshold} of ${people(policy.people.length)}: ${names}.`,
    `A policy change needs the signatures of ${ownerThreshold === 1 ? '1 owner' : `${ownerThreshold} owners`}, and of ${threshold} people where it weakens the rules.`,
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

const told: Told[] = [
  { what: 'People whose signature each file needs', of: (policy) => String(policy.threshold) },
  { what: 'Owners who must sign a policy change', of: (policy) => String(policy.ownerThreshold) },
  { what: 'Whoever opened the draft counts', of: (policy) => (policy.openerCounts ? 'yes' : 'no') },
  { what: 'Hours between signed and published', of: (policy) => String(policy.waitHours) },
  { what: 'Signatures over single files count', of: (policy) => (policy.fileSignatures ? 'yes' : 'no') },
];

/** Everything that differs; for a first policy everything that it says. */
export function changesOf(before: Policy | null, next: Policy): PolicyChange[] {
  const numbers = told.map(({ what, of }) => ({ what, before: before && of(before), after: of(next) }));
  return [...numbers.filter((change) => change.before !== change.after), ...peopleChanges(before, next)];
}

function peopleChanges(before: Policy | null, next: Policy): PolicyChange[] {
  const names = [...new Set([...(before?.people ?? []), ...next.people].map((person) => person.name))];
  const say = (policy: Policy | null, name: string): string | null => {
    const person = policy?.people.find((candidate) => candidate.name === name);
    return person ? `${person.role}, ${person.keys.join(' ')}` : null;
  };
  return names.flatMap((name): PolicyChange[] => {
    const [was, becomes] = [say(before, name), say(next, name)];
    return was === becomes ? [] : [{ what: name, before: was, after: becomes ?? 'no longer one of the people' }];
  });
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
  const owners = required === 1 ? '1 owner' : `${required} owners`;
  if (need.why === 'founders') return 'Every owner that the first policy names';
  if (need.why === 'owners') return `${owners} of policy ${policyVersion}`;
  if (need.why === 'new-owners') return `${owners} of policy ${policyVersion}, because the owners change`;
  return `${people(required)} of policy ${policyVersion}, because it weakens the rules`;
}
