'use server';
// The button behind a sign-in link: opens the session and goes where the person wanted to be. Works without script.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { textOf } from '#lib/next/form-fields.ts';
import { clientAddress, currentActor, keepSession } from '#lib/next/session.ts';
import { confirmSignIn } from '#lib/server/commands/confirm-sign-in.ts';

/** Uses the link up. The name is read only where the address is new. */
export async function pressButton(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const name = textOf(form, 'name').toLowerCase();
    const signedIn = await confirmSignIn(await currentActor(), {
      token: textOf(form, 'token'),
      name,
      client: await clientAddress(),
    });
    await keepSession(signedIn);
    redirect(signedIn.returnTo);
  });
}
