'use server';
// Ending all personal links in the reader's mails at once.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { currentActor } from '#lib/next/session.ts';
import { revokeMyLinks } from '#lib/server/commands/revoke-links.ts';

export async function endAllLinks(_before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await revokeMyLinks(await currentActor());
    revalidatePath('/account');
    return {};
  });
}
