'use server';
// Adding and removing the reader's passkeys. Each calls one command, which asks for a recent sign-in.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { currentActor } from '#lib/next/session.ts';
import { addPasskey } from '#lib/server/commands/add-passkey.ts';
import { removePasskey } from '#lib/server/commands/remove-passkey.ts';
import { startPasskeyRegistration } from '#lib/server/commands/start-passkey-registration.ts';

export async function askForNew() {
  return action(async () => ({ options: await startPasskeyRegistration(await currentActor()) }));
}

export async function add(answer: string, name: string) {
  return action(async () => {
    await addPasskey(await currentActor(), { answer: String(answer), name: String(name) });
    revalidatePath('/account/passkeys');
    return {};
  });
}

export async function remove(id: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await removePasskey(await currentActor(), { id });
    revalidatePath('/account/passkeys');
    return {};
  });
}
