'use server';
// Adds the posted public key to the reader's account and goes to its page, where it is proven.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { filesOf, requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { addKey } from '#lib/server/commands/add-key.ts';

export async function addKeyOf(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const [file] = filesOf(form, 'file');
    const bytes = await (file ?? new Blob([requireText(form, 'pasted', 'the public key')])).arrayBuffer();
    const { fingerprint } = await addKey(await currentActor(), { certificate: new Uint8Array(bytes) });
    redirect(`/account/keys/${fingerprint}`);
  });
}
