// Ends an invitation that nobody was admitted by.
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export async function revokeInvitation(actor: Actor, input: { invitation: string }): Promise<{ project: ProjectName }> {
  throw new Error(`being written ${actor.kind} ${input.invitation}`);
}
