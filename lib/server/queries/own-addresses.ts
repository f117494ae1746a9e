// The mail addresses that the reader has proven, the primary one first: what a new key may name. Nobody sees those of others.
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Refuses `person.sign-in-first`. Never empty: an account begins with a proven address. */
export async function ownAddresses(actor: Actor): Promise<string[]> {
  const rows = await runtime().db.address.findMany({
    where: { personName: requireOwn(actor, 'account') },
    orderBy: [{ isPrimary: 'desc' }, { address: 'asc' }],
  });
  return rows.map(({ address }) => address);
}
