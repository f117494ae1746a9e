// A new chain whose founders have signed waits for whoever keeps the countersigner (docs/decisions/024): the hand-over offers it,
// and nothing else changes. It comes into force with the hand-back that holds it, never by a signature alone.
import { requireHit, type Change } from '#lib/server/change.ts';
import { refuse } from '#lib/core/errors.ts';
import { chainWaitsLetter } from '#lib/server/mail/letters/chain-waits.ts';
import type { JudgedPolicy } from './load-policy.ts';
import { tellPeople } from './tell-people.ts';

/** The caller holds the project's lock and has a met verdict over a document that begins a new chain. Refuses `policy.not-open`. */
export async function awaitOperator(work: Change, { next, previous }: JudgedPolicy): Promise<void> {
  const { project, version, sha256 } = next;
  const where = { id: next.id, state: 'open' };
  const written = await work.tx.policy.updateMany({ where, data: { waitsSince: work.now } });
  requireHit(written, () => refuse('policy.not-open', { version, state: 'no longer open' }));
  await work.record('chain.waits', { project, details: { version, sha256 } });
  const people = [...next.policy.people, ...(previous?.policy.people ?? [])].map((person) => person.name);
  await tellPeople(work, people, () => chainWaitsLetter({ project, version, sha256 }));
}
