// Mail when a key ended by its person's own act: to the person, and to the owners of every project whose policy names the key.
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import type { Revocation } from '#lib/core/key.ts';
import type { Change } from '#lib/server/change.ts';
import { keyEndedLetter } from '#lib/server/mail/letters/key-ended.ts';
import { loadPoliciesNaming, ownersOfAll } from './projects-of-key.ts';
import { tellPeople } from './tell-people.ts';

/** Queues the letters; answers the projects that name the key. Owners read of their own projects only. */
export async function tellKeyEnded(
  work: Change,
  person: AccountName,
  key: Fingerprint,
  end: 'lost' | Revocation['kind'],
): Promise<ProjectName[]> {
  const naming = await loadPoliciesNaming(work.tx, person, key);
  await tellPeople(work, [person, ...ownersOfAll(naming)], (reader) => {
    const read = naming.filter(({ policy }) => policy.people.some(({ name }) => name === reader));
    const projects = read.map(({ project }) => project);
    return keyEndedLetter({ person, key, end, at: work.now, projects, reader });
  });
  return naming.map(({ project }) => project);
}
