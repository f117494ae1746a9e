// Whom the page is about: one of the people, or somebody who left in good standing and may be struck yet. Nobody else has this page.

import type { PeoplePage } from '#lib/server/queries/people-page.ts';

export type Subject = {
  name: string;
  /** False: they left; only striking is left to ask. */
  isIn: boolean;
  isOwner: boolean;
  keys: string[];
  /** People and owners that remain. */
  peopleLeft: number;
  ownersLeft: number;
};

/** null: nobody of the project, or somebody whose keys are all struck. */
export function subjectOf({ people, retired }: PeoplePage, name: string): Subject | null {
  const person = people.find((one) => one.name === name);
  const left = people.filter((one) => one.name !== name);
  const keysLeft = retired.filter((entry) => entry.name === name).flatMap((entry) => entry.keys);
  if (!person && keysLeft.length === 0) return null;
  return {
    name,
    isIn: person !== undefined,
    isOwner: person?.role === 'owner',
    keys: person ? person.keys.map((key) => key.fingerprint) : keysLeft,
    peopleLeft: left.length,
    ownersLeft: left.filter((one) => one.role === 'owner').length,
  };
}
