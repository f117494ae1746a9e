'use server';
// Registering the public half of a key that was just made in the browser: the ordinary command, and on to proving it.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { addKey } from '#lib/server/commands/add-key.ts';

export async function addMadeKey(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const certificate = new TextEncoder().encode(requireText(form, 'certificate', 'the public key'));
    const { fingerprint } = await addKey(await currentActor(), { certificate });
    redirect(`/account/keys/${fingerprint}`);
  });
}
