// The reader's own passkeys, and how recently the reader signed in.
import { isRefusal } from '#lib/core/errors.ts';
import { isFresh, requirePerson, type Actor } from '#lib/core/people.ts';
import { readReturnTo } from '#lib/server/http/return-to.ts';
import { relyingParty } from '#lib/server/judge/passkey.ts';
import { runtime } from '#lib/server/runtime.ts';

export type PasskeyRow = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null };

export type PasskeysPage = {
  passkeys: PasskeyRow[];
  /** Why this instance cannot have passkeys (its address); null: it can. */
  unavailable: string | null;
};

/** @throws `person.sign-in-first` */
export async function passkeysPage(actor: Actor): Promise<PasskeysPage> {
  const personName = requirePerson(actor);
  const rows = await runtime().db.passkey.findMany({ where: { personName }, orderBy: { createdAt: 'asc' } });
  const passkeys = rows.map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt, lastUsedAt }));
  return { passkeys, unavailable: passkeysUnavailable() };
}

/** The sentence that says why browsers offer no passkeys for this instance; null: they do. */
export function passkeysUnavailable(): string | null {
  try {
    relyingParty();
    return null;
  } catch (fault) {
    if (isRefusal(fault)) return fault.message;
    throw fault;
  }
}

export type ConfirmPage = { returnTo: string; address: string; hasPasskey: boolean; isFresh: boolean };

/** What "Confirm that it is you" offers. `claimedReturnTo` is hostile. @throws `person.sign-in-first` */
export async function confirmPage(actor: Actor, claimedReturnTo: unknown): Promise<ConfirmPage> {
  const personName = requirePerson(actor);
  const { db } = runtime();
  const { address } = await db.address.findFirstOrThrow({ where: { personName }, orderBy: { isPrimary: 'desc' } });
  const hasPasskey = passkeysUnavailable() === null && (await db.passkey.count({ where: { personName } })) > 0;
  return { returnTo: readReturnTo(claimedReturnTo), address, hasPasskey, isFresh: isConfirmed(actor) };
}

/** Whether the reader may do what needs a recent sign-in; for pages that say so before a form is filled in. */
export const isConfirmed = (actor: Actor): boolean => isFresh(actor, runtime().clock.now().getTime());
