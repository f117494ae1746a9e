// What an invitation link shows. Opening it changes nothing (mail scanners do). Whoever holds the link sees project, role and
// inviter; only the account with the invited address can accept.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readProjectName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { findOpenInvitation, struckKeys } from '#lib/server/judge/invitation.ts';
import { loadUsableKeys, type MyKey } from '#lib/server/judge/my-keys.ts';
import { runtime } from '#lib/server/runtime.ts';

export type InvitationPage = {
  project: ProjectName;
  role: 'owner' | 'maintainer';
  invitedBy: AccountName;
  /** The invited address, shown so that the person knows with which to sign in. */
  address: string;
  expiresAt: Date;
  /** `sign-in`: nobody is signed in; `other-account`: not the account of that address; `needs-key`: no active key yet. */
  state: 'sign-in' | 'other-account' | 'needs-key' | 'ready';
  person: AccountName | null;
  keys: MyKey[];
};

/** Refuses `invitation.not-found` for a token that is unknown, used up, revoked or expired: all the same answer. */
export async function invitationPage(actor: Actor, token: string): Promise<InvitationPage> {
  const { db, clock } = runtime();
  const row = await findOpenInvitation(db, token, clock.now());
  if (!row) throw refuse('invitation.not-found', {});
  const person = actor.kind === 'person' ? actor.name : null;
  const known = person && (await db.address.findUnique({ where: { address: row.address } }));
  const isMine = person !== null && known?.personName === person;
  const struck = await struckKeys(db, readProjectName(row.projectName));
  const usable = isMine ? await loadUsableKeys(db, person, clock.now()) : [];
  const keys = usable.filter((key) => !struck.includes(key.fingerprint));
  return {
    project: readProjectName(row.projectName),
    role: row.role === 'owner' ? 'owner' : 'maintainer',
    invitedBy: readAccountName(row.invitedBy),
    ...{ address: row.address, expiresAt: row.expiresAt, person, keys },
    state: stateFor({ isSignedIn: person !== null, isMine, keys: keys.length }),
  };
}

function stateFor(reader: { isSignedIn: boolean; isMine: boolean; keys: number }): InvitationPage['state'] {
  if (!reader.isSignedIn) return 'sign-in';
  if (!reader.isMine) return 'other-account';
  return reader.keys === 0 ? 'needs-key' : 'ready';
}
