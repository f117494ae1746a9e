// What a policy would do before anybody signs it: to drafts, to releases, to who can sign (rules.md "Policies"). Pure: the same answer in the
// form, on the open proposal and on the page of a removal. It counts nothing itself: every number is a verdict of `evaluate`. It is a
// preview from the rows of the web program; the countersigner and the client decide from evidence.
import type { AccountName, DraftId, Fingerprint, Version } from './ids.ts';
import { endOfWholeKey, isUsableKey, type KeyFacts } from './key.ts';
import { ownersOf, type Policy, type PolicyPerson } from './policy.ts';
import { evaluate, type Case, type Verdict } from './verdict.ts';

/** A draft or release as it is judged now. A draft by the policy in force, a release by that of its record. */
export type Affected = { id: DraftId; version: Version; judged: Case };

export type Standing = { met: boolean; counted: readonly AccountName[]; required: number };

/** `met-now`: threshold reached by the change. `not-met-now`: reached before, not after. `impossible`: nobody is left who could complete it. */
export type DraftConsequence = {
  id: DraftId;
  version: Version;
  before: Standing;
  after: Standing;
  effect: 'met-now' | 'not-met-now' | 'impossible' | 'other-count' | 'none';
  /** Whose signature stops counting. */
  loses: AccountName[];
  couldStillSign: AccountName[];
};

export type ReleaseConsequence = {
  id: DraftId;
  version: Version;
  before: Standing;
  after: Standing;
  /** `falls`: met before, not after. `loses`: still met, with fewer people. */
  effect: 'falls' | 'loses';
  loses: AccountName[];
  /** People of the new policy who could sign it again. */
  couldSignAgain: AccountName[];
};

export type Warning =
  | { code: 'too-few-can-sign'; usable: number; threshold: number }
  | { code: 'nobody-to-spare'; threshold: number }
  | { code: 'one-signature' }
  | { code: 'too-few-owners'; usable: number; ownerThreshold: number }
  | { code: 'no-owner-to-spare'; ownerThreshold: number };

export type EndingKey = { name: AccountName; key: Fingerprint; at: number | null };

export type Consequences = {
  drafts: DraftConsequence[];
  /** Those that change; the others keep what they have. */
  releases: ReleaseConsequence[];
  /** Of the policy before: who could sign and no longer can. */
  cannotSign: { name: AccountName; why: 'leaves' | 'no-usable-key' }[];
  /** People with a key that is usable now. */
  usable: AccountName[];
  /** How many of them are above the threshold; negative: too few. */
  spare: number;
  endingKeys: EndingKey[];
  warnings: Warning[];
};

const horizon = 30 * 86_400_000;

/** Total. `before` null: a first policy. `keys`: the certificates of everybody whom either policy names. */
export function consequencesOf(given: {
  before: Policy | null;
  next: Policy;
  drafts: readonly Affected[];
  releases: readonly Affected[];
  keys: ReadonlyMap<Fingerprint, KeyFacts>;
  now: number;
}): Consequences {
  const { before, next, keys, now } = given;
  const canSign = (person: PolicyPerson) => person.keys.some((key) => isUsableKey(keys.get(key), now));
  const usable = next.people.filter(canSign).map(({ name }) => name);
  const stopped = (before?.people ?? []).filter((person) => canSign(person) && !usable.includes(person.name));
  return {
    drafts: given.drafts.map((draft) => onDraft(draft, next)),
    releases: given.releases.flatMap((release) => onRelease(release, next, usable)),
    cannotSign: stopped.map(({ name }) => ({
      name,
      why: next.people.some((person) => person.name === name) ? 'no-usable-key' : 'leaves',
    })),
    usable,
    spare: usable.length - next.threshold,
    endingKeys: endingKeysOf(next, keys, now),
    warnings: warningsOf(next, usable),
  };
}

const standing = ({ met, counted, required }: Verdict): Standing => ({ met, counted, required });

const lost = (before: Verdict, after: Verdict): AccountName[] => {
  const still = new Set(namesThatCount(after));
  return namesThatCount(before).filter((name) => !still.has(name));
};

/** Everybody with a signature that counts, for all files or for some. */
const namesThatCount = (verdict: Verdict): AccountName[] => [
  ...new Set(verdict.findings.flatMap(({ counts, person }) => (counts && person ? [person] : []))),
];

function onDraft({ id, version, judged }: Affected, next: Policy): DraftConsequence {
  const before = evaluate(judged);
  const after = evaluate({ ...judged, policy: next, strikes: next.struck });
  const loses = lost(before, after);
  const same = loses.length === 0 && before.required === after.required;
  return {
    ...{ id, version, before: standing(before), after: standing(after), loses, couldStillSign: after.couldStillSign },
    effect: effectOn(before, after) ?? (same ? 'none' : 'other-count'),
  };
}

function effectOn(before: Verdict, after: Verdict): DraftConsequence['effect'] | null {
  if (after.met) return before.met ? null : 'met-now';
  if (!canBeMet(after)) return 'impossible';
  return before.met ? 'not-met-now' : null;
}

/** Whether those who could still sign are enough, for every file. */
export function canBeMet({ met, required, perFile, couldStillSign }: Verdict): boolean {
  if (met) return true;
  if (perFile.length === 0) return couldStillSign.length >= required;
  return perFile.every(({ counted, missing }) => {
    const more = couldStillSign.filter((name) => !counted.includes(name));
    return more.length >= missing;
  });
}

function onRelease({ id, version, judged }: Affected, next: Policy, usable: AccountName[]): ReleaseConsequence[] {
  const before = evaluate(judged);
  const released = judged.released && { ...judged.released, inForce: next };
  const after = evaluate({ ...judged, strikes: next.struck, released });
  const loses = lost(before, after);
  if (loses.length === 0) return [];
  const effect = before.met && !after.met ? 'falls' : 'loses';
  const couldSignAgain = usable.filter((name) => !after.counted.includes(name));
  return [{ ...{ id, version, effect, loses, couldSignAgain }, before: standing(before), after: standing(after) }];
}

function endingKeysOf(next: Policy, keys: ReadonlyMap<Fingerprint, KeyFacts>, now: number): EndingKey[] {
  return next.people.flatMap(({ name, keys: theirs }) =>
    theirs.flatMap((key) => {
      const facts = keys.get(key);
      if (!facts || !isUsableKey(facts, now)) return [];
      const end = endOfWholeKey(facts, now + horizon);
      return end ? [{ name, key, at: 'at' in end ? end.at : null }] : [];
    }),
  );
}

function warningsOf(next: Policy, usable: readonly AccountName[]): Warning[] {
  const { threshold, ownerThreshold } = next;
  const owners = ownersOf(next).filter(({ name }) => usable.includes(name)).length;
  const found: [boolean, Warning][] = [
    [usable.length < threshold, { code: 'too-few-can-sign', usable: usable.length, threshold }],
    [usable.length === threshold && threshold > 1, { code: 'nobody-to-spare', threshold }],
    [threshold === 1, { code: 'one-signature' }],
    [owners < ownerThreshold, { code: 'too-few-owners', usable: owners, ownerThreshold }],
    [owners === ownerThreshold && next.people.length > 1, { code: 'no-owner-to-spare', ownerThreshold }],
  ];
  return found.flatMap(([holds, warning]) => (holds ? [warning] : []));
}
