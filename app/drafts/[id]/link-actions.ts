'use server';
// Ending the personal links of somebody to a draft: one's own, or anybody's as an owner.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { currentActor } from '#lib/next/session.ts';
import { revokeDraftLinks } from '#lib/server/commands/revoke-links.ts';

export async function endLinks(draft: string, person: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await revokeDraftLinks(await currentActor(), { draft, person });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}
