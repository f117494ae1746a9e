'use server';
// What owners do with one webhook: a test, once more, other events, a new secret, stop, go on, remove. Each calls one command, which asks whether the
// reader may.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { MadeState } from '#components/programs/made-form.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { textOf, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { changeWebhook, switchWebhook } from '#lib/server/commands/change-webhook.ts';
import { makeWebhookSecret } from '#lib/server/commands/make-webhook-secret.ts';
import { removeWebhook } from '#lib/server/commands/remove-webhook.ts';
import { sendAgain, testWebhook } from '#lib/server/commands/send-to-webhook.ts';

const placeOf = (project: string, webhook: string): string => `/projects/${project}/programs/${webhook}`;

export async function test(project: string, webhook: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await testWebhook(await currentActor(), { project, webhook });
    revalidatePath(placeOf(project, webhook));
    return {};
  });
}

export async function again(
  project: string,
  webhook: string,
  message: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await sendAgain(await currentActor(), { project, webhook, message });
    revalidatePath(placeOf(project, webhook));
    return {};
  });
}

export async function changeEvents(
  project: string,
  webhook: string,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    await changeWebhook(await currentActor(), { project, webhook, events: textsOf(form, 'event') });
    redirect(placeOf(project, webhook));
  });
}

export async function makeSecret(
  project: string,
  webhook: string,
  _before: MadeState,
  form: FormData,
): Promise<MadeState> {
  return action(async () => {
    const earlier = textOf(form, 'earlier') === 'ends-now' ? 'ends-now' : 'overlaps';
    const { secret } = await makeWebhookSecret(await currentActor(), { project, webhook, earlier });
    revalidatePath(placeOf(project, webhook));
    const title =
      earlier === 'overlaps' ? 'This is the new secret; the earlier one signs for a day.' : 'This is the new secret.';
    const says = 'Give it to your receiver now: it is not shown again.';
    return { made: { title, text: secret, what: 'the secret', says } };
  });
}

export async function turn(
  project: string,
  webhook: string,
  on: boolean,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await switchWebhook(await currentActor(), { project, webhook, on: on === true });
    revalidatePath(placeOf(project, webhook));
    return {};
  });
}

export async function remove(
  project: string,
  webhook: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await removeWebhook(await currentActor(), { project, webhook });
    redirect(`/projects/${project}/programs`);
  });
}
