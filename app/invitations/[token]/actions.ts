'use server';
// Accepting an invitation with one of the reader's own keys. The token comes from the link; the command asks whose it is.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';

export async function accept(token: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await acceptInvitation(await currentActor(), { token, key: requireText(form, 'key', 'Your key for this project') });
    redirect('/');
  });
}
