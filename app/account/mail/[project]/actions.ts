'use server';
// What mail the reader wants of one of their projects. Fields are hostile; the command checks them and asks whose project it is.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { readMailChoices } from '#lib/next/mail-choices.ts';
import { currentActor } from '#lib/next/session.ts';
import { changeMailChoices } from '#lib/server/commands/change-mail-choices.ts';

export async function chooseHere(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await changeMailChoices(await currentActor(), { project: String(project), choices: readMailChoices(form) });
    redirect(`/account/mail/${encodeURIComponent(project)}?saved=yes`);
  });
}
