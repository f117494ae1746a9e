// What a policy would do, in sentences: what happens to a draft or release, who can no longer sign, what to think about. The numbers are
// core's (consequences.ts); the same sentences stand in the form, on the open proposal and on the page of a removal.
import type {
  Consequences,
  DraftConsequence,
  EndingKey,
  ReleaseConsequence,
  Standing,
  Warning,
} from '#lib/core/consequences.ts';
import type { DraftId, Version } from '#lib/core/ids.ts';

/** One draft or release. `isLoss`: it is worse off. `says` goes on behind the version. */
export type SaidEffect = { draft: DraftId; version: Version; says: string; isLoss: boolean };

export type SaidConsequences = {
  drafts: SaidEffect[];
  releases: SaidEffect[];
  /** Who can no longer sign, how many remain, which keys end soon. */
  people: string[];
  warnings: string[];
};

/** "ada", "ada and bo", "ada, bo and chi". */
export function andOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const orOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
const countOf = ({ counted, required }: Standing): string => `${counted.length} of ${required}`;
const signatureOf = (names: readonly string[]): string =>
  names.length === 1 ? `the signature of ${names[0]}` : `the signatures of ${andOf(names)}`;

/** Everything that the change would do. */
export function sayConsequences(told: Consequences): SaidConsequences {
  return {
    drafts: told.drafts.map((effect) => ({
      ...{ draft: effect.id, version: effect.version, says: sayDraft(effect) },
      isLoss: effect.effect === 'not-met-now' || effect.effect === 'impossible',
    })),
    releases: told.releases.map((effect) => ({
      ...{ draft: effect.id, version: effect.version, says: sayRelease(effect) },
      isLoss: effect.effect === 'falls',
    })),
    people: [...told.cannotSign.map(sayStopped), saySpare(told), ...told.endingKeys.map(sayEnding)],
    warnings: told.warnings.map(sayWarning),
  };
}

function sayDraft({ effect, before, after, loses, couldStillSign }: DraftConsequence): string {
  const now = `has ${countOf(before)} signatures`;
  if (effect === 'none') return `${now}; nothing changes for it.`;
  const without = loses.length === 0 ? '' : ` without ${signatureOf(loses)}`;
  const then = `it would have ${countOf(after)}${without}`;
  if (effect === 'met-now') return `${now}; ${then} and be complete at once.`;
  if (effect === 'impossible')
    return `${now}; ${then}, and ${couldStillSign.length === 0 ? 'nobody' : `only ${andOf(couldStillSign)}`} could still sign: it could not be completed.`;
  return effect === 'not-met-now' ? `${now}; ${then} and wait for signatures again.` : `${now}; ${then}.`;
}

function sayRelease({ effect, after, loses, couldSignAgain }: ReleaseConsequence): string {
  const lost = `would lose ${signatureOf(loses)}`;
  if (effect === 'loses')
    return after.met
      ? `${lost} and keep ${countOf(after)}: it stays published.`
      : `${lost} and have ${countOf(after)}; it has too few already.`;
  const again =
    couldSignAgain.length === 0 ? 'nobody could sign it again' : `${orOf(couldSignAgain)} could sign it again`;
  return `${lost} and have ${countOf(after)}: quarantined, out of the simple pages, its files kept; ${again}.`;
}

const sayStopped = ({ name, why }: Consequences['cannotSign'][number]): string =>
  why === 'leaves'
    ? `${name} leaves and can no longer sign.`
    : `${name} stays, but has no usable key left and cannot sign.`;

function saySpare({ usable, spare }: Consequences): string {
  const people = usable.length === 1 ? '1 person could sign' : `${usable.length} people could sign`;
  if (spare < 0) return `${people}, ${-spare} fewer than a release needs.`;
  return spare === 0
    ? `${people}, exactly as many as a release needs.`
    : `${people}, ${spare} more than a release needs.`;
}

function sayEnding({ name, key, at }: EndingKey): string {
  const when = at === null ? 'within 30 days' : `on ${new Date(at).toISOString().slice(0, 10)}`;
  return `Key ${key} of ${name} ends ${when}.`;
}

/** What to think about before signing. */
export function sayWarning(warning: Warning): string {
  switch (warning.code) {
    case 'too-few-can-sign':
      return `${warning.threshold} signatures are needed, but only ${warning.usable} of its people can sign now: nothing can be published until more are added.`;
    case 'nobody-to-spare':
      return 'As many signatures are needed as there are people who can sign: one lost key stops every release.';
    case 'one-signature':
      return 'One signature is enough: a single stolen key can publish a release.';
    case 'too-few-owners':
      return `A policy change needs ${warning.ownerThreshold === 1 ? '1 owner' : `${warning.ownerThreshold} owners`}, but only ${warning.usable} can sign now: the rules cannot change any more.`;
    case 'no-owner-to-spare':
      return 'As many owners must sign a policy change as can sign: if one of them loses their key, the rules cannot change any more.';
  }
}
