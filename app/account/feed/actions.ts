'use server';
// Making the secret address of the reader's feed, and ending it.

import { revalidatePath } from 'next/cache';
import type { MadeState } from '#components/programs/made-form.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { publicUrl } from '#lib/next/instance.ts';
import { currentActor } from '#lib/next/session.ts';
import { endPersonFeed, makePersonFeed } from '#lib/server/commands/make-person-feed.ts';

const here = '/account/feed';

export async function make(_before: MadeState, _form: FormData): Promise<MadeState> {
  return action(async () => {
    const { path } = await makePersonFeed(await currentActor());
    revalidatePath(here);
    const says = 'Give it to your feed reader and to nobody else: it is not shown again.';
    return {
      made: { title: 'This is the address of your feed.', text: publicUrl() + path, what: 'the address', says },
    };
  });
}

export async function end(_before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await endPersonFeed(await currentActor());
    revalidatePath(here);
    return {};
  });
}
