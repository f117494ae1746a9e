'use server';
// Confirming by mail: a sign-in link to the reader's own address, which leads back to where they were. Works without script.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { clientAddress, currentActor } from '#lib/next/session.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';
import { confirmPage } from '#lib/server/queries/passkeys.ts';

export async function mailLink(returnTo: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    const actor = await currentActor();
    const { address } = await confirmPage(actor, returnTo);
    await requestSignIn(actor, { address, returnTo, client: await clientAddress() });
    redirect('/sign-in/sent');
  });
}
