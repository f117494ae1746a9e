// Takes the actor's own signatures over a draft back, while it is not approved. The packets never enter again.
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

/** `signature`: the id of one (SignatureLine.id). */
export async function takeBackSignature(actor: Actor, input: { draft: string; signature: string }): Promise<{ draft: DraftId }> {
  throw new Error(`being written ${actor.kind} ${input.draft}`);
}
