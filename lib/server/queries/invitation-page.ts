// What an invitation link shows. Opening it changes nothing (mail scanners do). Whoever holds the link sees project, role and
// inviter; only the account with the invited address can accept.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { MyKey } from './signing-panel.ts';

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
  throw new Error(`being written ${actor.kind} ${token.length}`);
}
