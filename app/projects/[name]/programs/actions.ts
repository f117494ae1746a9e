'use server';
// Making a webhook or a token, and revoking a token. Each calls one command, which asks whether the reader may. What is made is answered to the form and
// shown there once.

import { revalidatePath } from 'next/cache';
import type { MadeState } from '#components/programs/made-form.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { addWebhook } from '#lib/server/commands/add-webhook.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { revokeProjectToken } from '#lib/server/commands/revoke-project-token.ts';

const place = (project: string): string => `/projects/${project}/programs`;

export async function add(project: string, _before: MadeState, form: FormData): Promise<MadeState> {
  return action(async () => {
    const address = requireText(form, 'address', 'Address');
    const { secret } = await addWebhook(await currentActor(), { project, address, events: textsOf(form, 'event') });
    revalidatePath(place(project));
    const made = {
      title: 'The webhook is added. This is its secret.',
      ...{ text: secret, what: 'the secret' },
      says: 'Give it to your receiver now: it is not shown again. Then open the webhook below and send a test.',
    };
    return { made };
  });
}

export async function makeToken(project: string, _before: MadeState, form: FormData): Promise<MadeState> {
  return action(async () => {
    const name = requireText(form, 'name', 'What it is for');
    const kind = textOf(form, 'kind');
    const { token } = await makeProjectToken(await currentActor(), { project, name, kind });
    revalidatePath(place(project));
    const made = {
      title: 'The token is made.',
      ...{ text: token, what: 'the token' },
      says: 'Keep it as a secret of your CI, as COUNTERSIGN_TOKEN: it is not shown again.',
    };
    return { made };
  });
}

export async function revokeToken(
  project: string,
  token: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await revokeProjectToken(await currentActor(), { project, token });
    revalidatePath(place(project));
    return {};
  });
}
