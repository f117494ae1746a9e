'use server';
// The button behind the link inside an opened message. The command decides whether account, key and token belong together.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { textOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { proveKeyByToken } from '#lib/server/commands/prove-key-by-token.ts';

export async function proveByLink(fingerprint: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const opened = textOf(form, 'opened');
    const proven = await proveKeyByToken(await currentActor(), { fingerprint, opened, way: 'opened' });
    redirect(`/account/keys/${proven.fingerprint}`);
  });
}
