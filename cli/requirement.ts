// `NAME==VERSION` as people type it: hostile text, read into the one spelling of both.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import { readCanonicalVersion } from '#lib/python/versions.ts';

/** Any spelling that PEP 503 and PEP 440 allow. Refuses `input.not-a`, `distribution.…`. */
export function readRequirement(claimed: string): [ProjectName, Version] {
  const [name = '', version = '', ...more] = claimed.split('==');
  if (name === '' || version === '' || more.length > 0)
    throw refuse('input.not-a', { what: 'NAME==VERSION', claimed: claimed.slice(0, 80) });
  return [normaliseProjectName(name), readCanonicalVersion(version)];
}
