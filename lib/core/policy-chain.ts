// May this policy follow that one, and who must sign it? (docs/formats/policy.md, rules.md "Policies".) The decision is a value with
// every count in it: the web program shows it, the countersigner gates on it, the client checks it again.
import { refuse } from './errors.ts';
import type { AccountName, Fingerprint, Sha256 } from './ids.ts';
import { ownersOf, type Policy, type PolicyPerson } from './policy.ts';
import type { SignatureFacts } from './verdict.ts';
import { judgeEntry } from './verdict.ts';
import { isUsableKey, type KeyFacts } from './key.ts';
import type { Reason } from './reason.ts';

/** One count that has to be reached: so many of these people, by the keys that this policy version gives them. */
export type Need = {
  why: 'founders' | 'owners' | 'new-owners' | 'weakening';
  policyVersion: number;
  people: readonly PolicyPerson[];
  required: number;
};

export type NeedMet = Need & { counted: AccountName[]; missing: number };

export type PolicyVerdict = {
  met: boolean;
  needs: NeedMet[];
  weakenings: Weakening[];
  /** Whoever could still add to some count, with a key that is usable now. */
  couldStillSign: AccountName[];
  notCounted: { packetSha256: Sha256; reason: Reason }[];
};

export type Weakening =
  | 'threshold-lowered'
  | 'owner-threshold-lowered'
  | 'wait-shortened'
  | 'opener-counts'
  | 'file-signatures-on'
  | 'person-added'
  | 'key-added'
  | 'owner-made'
  | 'people-below-threshold';

/**
 * Refuses (`policy.breaks-chain`) a policy that cannot follow `previous` (null: a first policy), whoever signs it:
 * wrong number, digest or project; lists of the retired and struck that shrink; a key that leaves without an entry.
 */
export function requireFollows(previous: { policy: Policy; sha256: Sha256 } | null, next: Policy): void {
  if (!previous) return requireFirst(next);
  if (next.previous !== previous.sha256) throw breaks('it names another policy as the one before');
  requireKept(previous.policy, next);
}

/** What holds between two policies of a project however they are joined: the next number, and nothing forgotten of what was ended. */
export function requireKept(before: Policy, next: Policy): void {
  if (next.project !== before.project) throw breaks('it is of another project');
  if (next.version !== before.version + 1) throw breaks(`its version is not ${before.version + 1}`);
  requireListsGrow(before, next);
  requireKeysEnd(before, next);
  requireOwnNames(before, next);
}

const breaks = (why: string) => refuse('policy.breaks-chain', { why });

function requireFirst(next: Policy): void {
  if (next.version !== 1) throw breaks('the first policy has version 1');
  if (next.retired.length > 0 || next.struck.length > 0) throw breaks('a first policy can end nobody');
}

function requireKeysEnd(before: Policy, next: Policy): void {
  const ended = new Set([...next.retired, ...next.struck].flatMap((entry) => entry.keys));
  const current = new Set(next.people.flatMap((person) => person.keys));
  for (const key of before.people.flatMap((person) => person.keys)) {
    if (!current.has(key) && !ended.has(key)) throw breaks(`key ${key} leaves without being retired or struck`);
  }
}

function requireListsGrow(before: Policy, next: Policy): void {
  const struckKeys = new Set(next.struck.flatMap((entry) => entry.keys));
  const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);
  for (const entry of before.struck) {
    if (!next.struck.some((kept) => same(kept, entry)))
      throw refuse('policy.breaks-chain', { why: `a struck entry of ${entry.name} is gone or changed` });
  }
  for (const entry of before.retired) {
    const kept = next.retired.some((other) => same(other, entry));
    if (!kept && !entry.keys.every((key) => struckKeys.has(key)))
      throw refuse('policy.breaks-chain', { why: `a retired entry of ${entry.name} is gone or changed` });
  }
}

// A key belongs to one name for ever: it may not move to another person, in force or ended.
function requireOwnNames(before: Policy, next: Policy): void {
  const nameOf = new Map(
    [...before.people, ...before.retired, ...before.struck].flatMap((e) => e.keys.map((key) => [key, e.name] as const)),
  );
  for (const entry of [...next.people, ...next.retired, ...next.struck]) {
    for (const key of entry.keys) {
      const known = nameOf.get(key);
      if (known !== undefined && known !== entry.name)
        throw refuse('policy.breaks-chain', { why: `key ${key} moves from ${known} to ${entry.name}` });
    }
  }
}

// [Note: two steps] A weakening takes min(threshold, people) signatures. Were removing people until fewer than the threshold are left no
// weakening, one stolen owner key would remove everybody else first and then lower the threshold alone. Hence that minimum never
// shrinks without them.
const strength = ({ threshold, people }: Policy): number => Math.min(threshold, people.length);

/** How `next` is weaker than `previous`: each of these needs the people's signatures too. */
export function weakeningsOf(previous: Policy, next: Policy): Weakening[] {
  const before = new Map(previous.people.map((person) => [person.name, person]));
  const found: [boolean, Weakening][] = [
    [next.threshold < previous.threshold, 'threshold-lowered'],
    [next.ownerThreshold < previous.ownerThreshold, 'owner-threshold-lowered'],
    [next.waitHours < previous.waitHours, 'wait-shortened'],
    [next.openerCounts && !previous.openerCounts, 'opener-counts'],
    [next.fileSignatures && !previous.fileSignatures, 'file-signatures-on'],
    [next.people.some((person) => !before.has(person.name)), 'person-added'],
    [
      next.people.some(
        (person) => before.has(person.name) && person.keys.some((key) => !before.get(person.name)?.keys.includes(key)),
      ),
      'key-added',
    ],
    [
      next.people.some((person) => person.role === 'owner' && before.get(person.name)?.role === 'maintainer'),
      'owner-made',
    ],
    [next.people.length < strength(previous), 'people-below-threshold'],
  ];
  return found.filter(([weaker]) => weaker).map(([, name]) => name);
}

/** Who must sign `next` (docs/formats/policy.md, "Signatures that a policy needs"). */
export function needsOf(previous: Policy | null, next: Policy): Need[] {
  const newOwners = ownersOf(next);
  if (!previous)
    return [{ why: 'founders', policyVersion: next.version, people: newOwners, required: newOwners.length }];
  const needs: Need[] = [
    { why: 'owners', policyVersion: previous.version, people: ownersOf(previous), required: previous.ownerThreshold },
  ];
  const names = (people: readonly PolicyPerson[]) =>
    people
      .map((person) => person.name)
      .sort()
      .join();
  const ownersChange = names(ownersOf(previous)) !== names(newOwners);
  if (ownersChange || next.ownerThreshold > previous.ownerThreshold) {
    needs.push({ why: 'new-owners', policyVersion: next.version, people: newOwners, required: next.ownerThreshold });
  }
  if (weakeningsOf(previous, next).length > 0) {
    const { version, people } = previous;
    needs.push({ why: 'weakening', policyVersion: version, people, required: strength(previous) });
  }
  return needs;
}

/** One signature over a policy document with the moment at which the judge first saw it. */
export type PolicySignature = { facts: SignatureFacts; received: number };

/**
 * Decides whether `next` is signed by those who must sign it. Total: a signature that does not count is listed with its reason.
 * People are counted, by primary fingerprint and by name; each count takes the keys of the policy version that it names.
 */
export function evaluatePolicy(
  previous: Policy | null,
  next: Policy,
  signatures: readonly PolicySignature[],
  keys: ReadonlyMap<Fingerprint, KeyFacts>,
  now: number,
): PolicyVerdict {
  const judged = signatures.map((signature) => ({
    ...signature,
    reason: reasonAgainst(previous, next, signature, keys),
  }));
  const signers = new Set(judged.flatMap(({ facts, reason }) => (reason === null && facts.key ? [facts.key] : [])));
  const needs = needsOf(previous, next).map((need): NeedMet => {
    const counted = need.people
      .filter((person) => person.keys.some((key) => signers.has(key)))
      .map((person) => person.name);
    return { ...need, counted, missing: Math.max(0, need.required - counted.length) };
  });
  const usable = (person: PolicyPerson) => person.keys.some((key) => isUsableKey(keys.get(key), now));
  const open = needs.filter((need) => need.missing > 0);
  const waiting = open.flatMap((need) =>
    need.people.filter((person) => !need.counted.includes(person.name) && usable(person)),
  );
  return {
    met: needs.every((need) => need.missing === 0),
    needs,
    weakenings: previous ? weakeningsOf(previous, next) : [],
    couldStillSign: [...new Set(waiting.map((person) => person.name))].sort(),
    notCounted: judged.flatMap(({ facts, reason }) => (reason ? [{ packetSha256: facts.packetSha256, reason }] : [])),
  };
}

function reasonAgainst(
  previous: Policy | null,
  next: Policy,
  signature: PolicySignature,
  keys: ReadonlyMap<Fingerprint, KeyFacts>,
): Reason | null {
  const entry = judgeEntry(signature.facts, signature.received, keys);
  if (entry) return entry;
  const key = signature.facts.key;
  const named = needsOf(previous, next).some((need) =>
    need.people.some((person) => key !== null && person.keys.includes(key)),
  );
  if (!named && key) return { code: 'not-in-policy', key, policy: previous?.version ?? next.version };
  return null;
}
