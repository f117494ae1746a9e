// Withdraws a draft that is not published. Its version is free again; its signatures count nowhere else.
import type { DraftId, ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export async function withdrawDraft(actor: Actor, input: { draft: string }): Promise<{ draft: DraftId; project: ProjectName }> {
  throw new Error(`being written ${actor.kind} ${input.draft}`);
}
