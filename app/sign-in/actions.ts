'use server';
// What the sign-in pages do: ask for a link, press its button, sign out. Works without script.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { clientAddress, currentActor, endSession, keepSession } from '#lib/next/session.ts';
import { confirmSignIn } from '#lib/server/commands/confirm-sign-in.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';

/** Mails a link and says so, with the same page for every address. */
export async function askForLink(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const address = requireText(form, 'address', 'Mail address');
    await requestSignIn(await currentActor(), { address, returnTo: textOf(form, 'returnTo'), client: await clientAddress() });
    redirect('/sign-in/sent');
  });
}

/** The button behind the link: opens the session and goes where the person wanted to be. */
export async function pressButton(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const name = textOf(form, 'name').toLowerCase();
    const signedIn = await confirmSignIn(await currentActor(), { token: textOf(form, 'token'), name, client: await clientAddress() });
    await keepSession(signedIn);
    redirect(signedIn.returnTo);
  });
}

/** Ends the session of this browser. */
export async function signOutHere(): Promise<void> {
  await endSession();
  redirect('/');
}
