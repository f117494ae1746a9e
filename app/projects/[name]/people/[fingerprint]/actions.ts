'use server';
// Confirming that the key with which somebody accepted is theirs, by what was pasted or by the words that were heard. The command compares and asks
// whether the reader may.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { confirmInvited } from '#lib/server/commands/confirm-invited.ts';

export async function confirmByPaste(
  project: string,
  invitation: string,
  key: string,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    const pasted = requireText(form, 'pasted', 'The fingerprint as you got it elsewhere');
    await confirmInvited(await currentActor(), { invitation, key, pasted });
    redirect(`/projects/${project}/people`);
  });
}

export async function confirmByWords(
  project: string,
  invitation: string,
  key: string,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    requireText(form, 'heard', 'that the words were read to you and were the same');
    await confirmInvited(await currentActor(), { invitation, key, pasted: null });
    redirect(`/projects/${project}/people`);
  });
}
