// Mail when a key was proven: to its person, and to the owners of every project in which the person signs (threats.md, 35). It gives no right
// yet; owners hear of it before somebody asks them to sign a policy that names it.
import { readProjectName, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { ownersOf } from '#lib/core/policy.ts';
import type { Change } from '#lib/server/change.ts';
import { keyAddedLetter } from '#lib/server/mail/letters/key-added.ts';
import { loadPolicyInForce, type LoadedPolicy } from './load-policy.ts';
import { ownersOfAll } from './projects-of-key.ts';
import { tellPeople } from './tell-people.ts';

/** Queues the letters. Owners read of their own projects only. */
export async function tellKeyAdded(work: Change, person: AccountName, key: Fingerprint): Promise<void> {
  const { tx, now } = work;
  const memberships = await tx.membership.findMany({ where: { personName: person }, orderBy: { projectName: 'asc' } });
  const policies: LoadedPolicy[] = [];
  for (const { projectName } of memberships) {
    const inForce = await loadPolicyInForce(tx, readProjectName(projectName));
    if (inForce) policies.push(inForce);
  }
  await tellPeople(work, [person, ...ownersOfAll(policies)], (reader) => {
    const owned = policies.filter(({ policy }) => ownersOf(policy).some(({ name }) => name === reader));
    return keyAddedLetter({ person, key, at: now, reader, projects: owned.map(({ project }) => project) });
  });
}
