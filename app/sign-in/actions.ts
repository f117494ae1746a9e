'use server';
// What the sign-in page does: asks for a link by mail. Works without script.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { clientAddress, currentActor } from '#lib/next/session.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';

/** Mails a link and says so, with the same page for every address. */
export async function askForLink(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const address = requireText(form, 'address', 'Mail address');
    await requestSignIn(await currentActor(), {
      address,
      returnTo: textOf(form, 'returnTo'),
      client: await clientAddress(),
    });
    redirect('/sign-in/sent');
  });
}
