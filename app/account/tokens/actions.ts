'use server';
// Making and revoking the reader's tokens. Each calls one command. What is made is answered to the form and shown there once.

import { revalidatePath } from 'next/cache';
import type { MadeState } from '#components/programs/made-form.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { revokePersonToken } from '#lib/server/commands/revoke-person-token.ts';

const here = '/account/tokens';

export async function make(_before: MadeState, form: FormData): Promise<MadeState> {
  return action(async () => {
    const { token } = await makePersonToken(await currentActor(), {
      name: requireText(form, 'name', 'What it is for'),
      scopes: textsOf(form, 'scope'),
      project: textOf(form, 'project'),
      days: textOf(form, 'days'),
    });
    revalidatePath(here);
    const says = 'It is not shown again. Keep it where only you can read it.';
    return { made: { title: 'The token is made.', text: token, what: 'the token', says } };
  });
}

export async function revoke(token: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await revokePersonToken(await currentActor(), { token });
    revalidatePath(here);
    return {};
  });
}
