'use server';
// The button behind the link to a new address. The command decides whether account and link belong together.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { textOf } from '#lib/next/form-fields.ts';
import { currentActor, currentToken } from '#lib/next/session.ts';
import { confirmAddressChange } from '#lib/server/commands/confirm-address-change.ts';

export async function confirmChange(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const keeps = await currentToken();
    await confirmAddressChange(await currentActor(), { token: textOf(form, 'token'), ...(keeps && { keeps }) });
    redirect('/account/address');
  });
}
