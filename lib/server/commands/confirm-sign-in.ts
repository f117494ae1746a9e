// The button behind a sign-in link: uses the link up and opens a session; for a new address it creates the account under
// the chosen name. Only a POST gets here, so a mail scanner that follows the link signs nobody in. Of two presses at once
// one wins; a chosen name that is taken leaves the link usable.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { isHere, openSession, type OpenedSession } from '#lib/server/judge/open-session.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { hashToken } from '#lib/server/secrets.ts';

export type ConfirmSignInInput = {
  token: string;
  /** Wanted account name; only read where the address is new. */
  name?: string;
  client: string;
};

export type SignedIn = OpenedSession & { returnTo: string };

const unusable = () => refuse('sign-in.link-unusable', {});

/** @throws `sign-in.link-unusable`, `sign-in.name-needed`, `input.not-a`, `person.name-taken`, `sign-in.too-many` */
export async function confirmSignIn(actor: Actor, input: ConfirmSignInInput): Promise<SignedIn> {
  await requireRate('sign-in-confirmation-by-client', input.client);
  const tokenHash = hashToken(input.token);
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    await lockRow(tx, 'SignInLink', tokenHash);
    await work.hold('sign-in link locked');
    const link = await tx.signInLink.findUnique({ where: { tokenHash } });
    if (!link || link.usedAt !== null || link.expiresAt <= now) throw unusable();
    const known = await findPerson(work, link.address);
    const person = known ?? (await createPerson(work, link.address, input.name));
    requireHit(await tx.signInLink.updateMany({ where: { tokenHash, usedAt: null }, data: { usedAt: now } }), unusable);
    const arrival = { person, way: 'mail' as const, client: input.client };
    const session = await openSession(work, { ...arrival, isKnown: known === null || isHere(work, person) });
    return { ...session, returnTo: link.returnTo };
  });
}

async function findPerson({ tx }: Change, address: string): Promise<AccountName | null> {
  const row = await tx.address.findUnique({ where: { address } });
  return row && readAccountName(row.personName);
}

async function createPerson(
  { tx, now, record }: Change,
  address: string,
  wanted: string | undefined,
): Promise<AccountName> {
  if (!wanted) throw refuse('sign-in.name-needed', {});
  const name = readAccountName(wanted);
  await orTaken(tx.person.create({ data: { name, createdAt: now } }), () => refuse('person.name-taken', { name }));
  await orTaken(tx.address.create({ data: { address, personName: name, verifiedAt: now, isPrimary: true } }), unusable);
  await record('person.created', { person: name });
  return name;
}
