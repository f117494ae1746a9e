// Versions and version specifiers (PEP 440), through @renovatebot/pep440. Claimed text is hostile: it is bounded before the
// library sees it, and numbers too long for a double are refused, since two of them would become one version.
import { compare, explain, validRange } from '@renovatebot/pep440';
import { refuse } from '#lib/core/errors.ts';
import { readVersion, type Version } from '#lib/core/ids.ts';

const versionLengthMax = 100;
const specifierLengthMax = 200;

/**
 * Any PEP 440 spelling (`v1.0`, `1.0-Alpha.1`) → the canonical one of PEP 440, appendix B, as `packaging` prints it:
 * trailing zeros stay. Refuses local versions with their own code, and what is no version.
 */
export function readCanonicalVersion(claimed: unknown): Version {
  const text = typeof claimed === 'string' ? claimed : '';
  const parsed = text.length <= versionLengthMax && !/[0-9]{16}/.test(text) ? explain(text) : null;
  if (parsed === null) throw refuse('distribution.version', { claimed: String(claimed).slice(0, 80) });
  if (parsed.local !== null) throw refuse('distribution.local-version', { claimed: text });
  return readVersion(parsed.public);
}

/** [Note: one release] Equal under PEP 440 (`1.0`, `1.0.0`) ⇔ equal keys. The key decides identity, the version is what people see. */
export function versionKey(version: Version): string {
  const [, epoch = '', release = '', rest = ''] = /^([0-9]+!)?([0-9]+(?:\.[0-9]+)*)(.*)$/.exec(version) ?? [];
  return `${epoch}${release.replace(/(?:\.0)+$/, '')}${rest}`;
}

/** PEP 440 order: negative when `a` comes first; 0 exactly when the keys are equal. */
export function compareVersions(a: Version, b: Version): number {
  return compare(a, b);
}

/** Alpha, beta, candidate or development release (PEP 440): not what an installer takes by itself. */
export const isPrerelease = (version: Version): boolean => explain(version)?.is_prerelease ?? false;

const clause = /^(?:===|~=|==|!=|<=|>=|<|>) *[A-Za-z0-9.+!*_-]+$/;

/** A list of specifiers as PEP 440 has it; empty clauses (`>=3.6,`) occur and pass. Never throws. */
export function isSpecifierList(text: string): boolean {
  const clauses = text.length <= specifierLengthMax ? text.split(',').map((part) => part.trim()) : ['too long'];
  return clauses.every((part) => part === '' || (clause.test(part) && validRange(part)));
}

/**
 * A Requires-Python value, as spelled, or null when empty. Refuses whatever is not a list of PEP 440 specifiers; the allowed
 * characters leave no room for markup even in an arbitrary-equality (`===`) clause. Empty clauses (`>=3.6,`) occur and pass.
 */
export function readRequiresPython(claimed: string): string | null {
  const text = claimed.trim();
  if (!isSpecifierList(text)) throw refuse('distribution.requires-python', { claimed: text.slice(0, 80) });
  return /^[\s,]*$/.test(text) ? null : text;
}
