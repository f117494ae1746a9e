'use server';
// Proving a key: a new phrase, and the signature over it. The key comes from the address and is looked up among the reader's own.

import { revalidatePath } from 'next/cache';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { currentActor } from '#lib/next/session.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { startKeyProof } from '#lib/server/commands/start-key-proof.ts';

export async function newPhrase(fingerprint: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await startKeyProof(await currentActor(), { fingerprint });
    revalidatePath(`/account/keys/${fingerprint}`);
    return {};
  });
}

export async function handInProof(fingerprint: string, _before: SigningState, form: FormData): Promise<SigningState> {
  const answer = await action(() =>
    handIn(form, async (signature, way) => {
      await proveKey(await currentActor(), { fingerprint, signature, way });
      return [{ result: 'counted', says: 'The key is proven: it can sign for the projects whose policy names it.' }];
    }),
  );
  revalidatePath(`/account/keys/${fingerprint}`);
  return { results: [], ...answer };
}
