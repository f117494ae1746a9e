'use server';
// The life of a key: a newer copy or a revocation of it is merged; its person says that it is lost. The key comes from the address and is looked up
// among the reader's own.

import { revalidatePath } from 'next/cache';
import type { UpdateState } from '#components/keys/update-key.client.tsx';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { filesOf, requireText, requireTyped } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';

export async function mergeCopy(fingerprint: string, _before: UpdateState, form: FormData): Promise<UpdateState> {
  return action(async () => {
    const [file] = filesOf(form, 'file');
    const source = file ?? new Blob([requireText(form, 'pasted', 'the newer copy or the revocation')]);
    const certificate = new Uint8Array(await source.arrayBuffer());
    const { outcome, changes } = await addKey(await currentActor(), { certificate, expected: fingerprint });
    revalidatePath(`/account/keys/${fingerprint}`);
    return { outcome, changes };
  });
}

export async function sayLost(fingerprint: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    requireTyped(form, 'lost');
    await markKeyLost(await currentActor(), { fingerprint });
    revalidatePath(`/account/keys/${fingerprint}`);
    return {};
  });
}
