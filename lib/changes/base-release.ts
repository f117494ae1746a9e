// Which release a new one is compared with: the newest before it that is offered. What was yanked is the last choice, so that a bad release never becomes
// what is compared with; what is quarantined is none.
import type { Version } from '#lib/core/ids.ts';
import { compareVersions, isPrerelease, versionKey } from '#lib/python/versions.ts';

export type Candidate = { readonly version: Version; readonly isYanked: boolean };

/**
 * The greatest version below `version` that is not yanked; for a final release pre-releases stand behind the final ones. Where there is none below: the
 * lowest above (a release of an older line). Then the same among the yanked. Null: nothing was published.
 */
export function chooseBase<One extends Candidate>(version: Version, candidates: readonly One[]): One | null {
  const others = candidates.filter((one) => versionKey(one.version) !== versionKey(version));
  const offered = others.filter(({ isYanked }) => !isYanked);
  return nearestTo(version, offered) ?? nearestTo(version, others);
}

function nearestTo<One extends Candidate>(version: Version, candidates: readonly One[]): One | null {
  const sorted = candidates.toSorted((one, other) => compareVersions(one.version, other.version));
  const below = sorted.filter((one) => compareVersions(one.version, version) < 0);
  const finals = isPrerelease(version) ? [] : below.filter((one) => !isPrerelease(one.version));
  return finals.at(-1) ?? below.at(-1) ?? sorted[0] ?? null;
}
