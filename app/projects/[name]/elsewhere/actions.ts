'use server';
// What owners do about another index: set it, take it away, send a release. Each calls one command, which asks whether the reader may.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { sendElsewhere } from '#lib/server/commands/send-elsewhere.ts';
import { removeOtherIndex, setOtherIndex } from '#lib/server/commands/set-other-index.ts';

const placeOf = (project: string): string => `/projects/${project}/elsewhere`;

export async function set(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const [url, simple] = [requireText(form, 'url', 'Upload address'), textOf(form, 'simple')];
    const [username, secret] = [textOf(form, 'username'), textOf(form, 'secret')];
    await setOtherIndex(await currentActor(), { project, url, simple, username, secret });
    redirect(placeOf(project));
  });
}

export async function remove(project: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await removeOtherIndex(await currentActor(), { project });
    redirect(placeOf(project));
  });
}

export async function send(project: string, version: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await sendElsewhere(await currentActor(), { project, version });
    revalidatePath(placeOf(project));
    return {};
  });
}
