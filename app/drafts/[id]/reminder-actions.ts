'use server';
// Reminding those who can still sign a draft, and what the reader wants to hear of it.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { remindNow } from '#lib/server/commands/remind-now.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';

export async function remind(draft: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await remindNow(await currentActor(), { draft });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function putOff(draft: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await silenceDraft(await currentActor(), { draft, wish: requireText(form, 'wish', 'when to be reminded') });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}
