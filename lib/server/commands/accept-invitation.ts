// Accepts an invitation: bound to its address and to the accepting account, single use. It gives no right yet: a policy does.
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export type AcceptInvitationInput = { token: string; /** One of the actor's own active keys. */ key: string };

export async function acceptInvitation(actor: Actor, input: AcceptInvitationInput): Promise<{ project: ProjectName }> {
  throw new Error(`being written ${actor.kind} ${input.key}`);
}
