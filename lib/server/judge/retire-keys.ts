// What a proposed policy does with keys that leave in good standing (lost, replaced): each gets a retired entry of its own under its
// person's name (formats.md, section 2), and what it signed keeps counting. Pure; the form is believed for fingerprints only.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Instant } from '#lib/core/ids.ts';
import { ownersOf, personOfKey, type Policy, type PolicyPerson } from '#lib/core/policy.ts';

type Left = Pick<Policy, 'people' | 'retired'>;

/**
 * People and retired entries without these keys. Who has no other key in `people` leaves with it. Refuses `policy.not-a-key-of` for
 * a key that the policy does not name, and `policy.last-owner`.
 */
export function retireKeys(
  before: Policy,
  people: readonly PolicyPerson[],
  { claimed, since }: { claimed: readonly string[]; since: Instant },
): Left {
  const leaving = [...new Set(claimed)].map((claim) => {
    const key = readFingerprint(claim);
    const person = personOfKey(before, key);
    if (!person) throw refuse('policy.not-a-key-of', { project: before.project, key });
    return { name: person.name, keys: [key], since };
  });
  const gone = new Set(leaving.flatMap(({ keys }) => keys));
  const left = people
    .map((person) => ({ ...person, keys: person.keys.filter((key) => !gone.has(key)) }))
    .filter((person) => person.keys.length > 0);
  requireOwnersLeft(before, left);
  return { people: left, retired: [...before.retired, ...leaving] };
}

/** Said here with the name; the strict reader of policies would refuse it too. */
function requireOwnersLeft(before: Policy, people: readonly PolicyPerson[]): void {
  const left = people.filter(({ role }) => role === 'owner').map(({ name }) => name);
  const lost = ownersOf(before).find(({ name }) => !left.includes(name));
  if (lost && left.length < before.ownerThreshold)
    throw refuse('policy.last-owner', { name: lost.name, project: before.project });
}
