// Project names (PEP 508 grammar, PEP 503 normal form). A claimed name is hostile text; what leaves here is the checked
// type of lib/core, in the one form that index, database and statements use.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';

const validName = /^(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$/;
const nameLengthMax = 100;

/** Any valid spelling → its PEP 503 form. Refuses what PEP 508 does not allow as a name, and names above 100 characters. */
export function normaliseProjectName(claimed: unknown): ProjectName {
  if (typeof claimed !== 'string' || claimed.length > nameLengthMax || !validName.test(claimed)) {
    throw refuse('distribution.project-name', { claimed: String(claimed).slice(0, 80) });
  }
  return readProjectName(claimed.replace(/[-_.]+/g, '-').toLowerCase());
}

/** True when both spell the same project (PEP 503); an invalid name is nobody's. Never throws. */
export function isSameProject(claimed: string, project: ProjectName): boolean {
  return claimed.length <= nameLengthMax && validName.test(claimed) && normaliseProjectName(claimed) === project;
}
