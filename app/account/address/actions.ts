'use server';
// Asking for another mail address, and dropping the change that waits. Each calls one command.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { textOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { askAddressChange } from '#lib/server/commands/ask-address-change.ts';
import { dropAddressChange } from '#lib/server/commands/drop-address-change.ts';

export async function askForChange(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await askAddressChange(await currentActor(), { address: textOf(form, 'address') });
    revalidatePath('/account/address');
    return {};
  });
}

export async function dropChange(_before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await dropAddressChange(await currentActor());
    revalidatePath('/account/address');
    return {};
  });
}
