'use server';
// What the operator can do about a mail. The secret of the page's address is checked by the command, every time.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { currentActor } from '#lib/next/session.ts';
import { retryMail } from '#lib/server/commands/retry-mail.ts';

export async function retry(secret: string, mail: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await retryMail(await currentActor(), { secret: String(secret), mail: String(mail) });
    revalidatePath(`/operator/${secret}`);
    return {};
  });
}
