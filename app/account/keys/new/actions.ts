'use server';
// Adds the posted public key to the reader's account and goes to its page, where it is proven; before that, where the reader wants it,
// looks for the key on the key servers of this instance.

import { redirect } from 'next/navigation';
import type { FetchState } from '#components/keys/fetch-key.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { filesOf, requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { fetchKey } from '#lib/server/queries/fetch-key.ts';

export async function addKeyOf(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const [file] = filesOf(form, 'file');
    const bytes = await (file ?? new Blob([requireText(form, 'pasted', 'the public key')])).arrayBuffer();
    const { fingerprint } = await addKey(await currentActor(), { certificate: new Uint8Array(bytes) });
    redirect(`/account/keys/${fingerprint}`);
  });
}

export async function fetchKeyOf(_before: FetchState, form: FormData): Promise<FetchState> {
  return action<FetchState>(async () => {
    const typed = requireText(form, 'fingerprint', 'the full fingerprint');
    return { found: await fetchKey(await currentActor(), typed) };
  });
}
