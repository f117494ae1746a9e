// Invites one mail address to a project. The secret of the link is only in the mail; its hash is in the row.
import type { Actor } from '#lib/core/people.ts';

export type InvitePersonInput = { project: string; address: string; role: 'owner' | 'maintainer' };

export async function invitePerson(actor: Actor, input: InvitePersonInput): Promise<{ invitation: string; expiresAt: Date }> {
  throw new Error(`being written ${actor.kind} ${input.project}`);
}
