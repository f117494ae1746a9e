'use server';
// Proving a key: a new phrase and the signature over it; an encrypted message and the token inside it. The key comes from the address and is
// looked up among the reader's own.

import { revalidatePath } from 'next/cache';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { currentActor } from '#lib/next/session.ts';
import { proveKeyByToken, type ProveKeyByTokenInput } from '#lib/server/commands/prove-key-by-token.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { sendEncryptedChallenge } from '#lib/server/commands/send-encrypted-challenge.ts';
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

export async function sendChallenge(fingerprint: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await sendEncryptedChallenge(await currentActor(), { fingerprint });
    revalidatePath(`/account/keys/${fingerprint}`);
    return {};
  });
}

export async function proveByOpening(fingerprint: string, _before: FormState, form: FormData): Promise<FormState> {
  return takeToken(fingerprint, form, 'opened');
}

export async function proveByOpeningHere(fingerprint: string, _before: FormState, form: FormData): Promise<FormState> {
  return takeToken(fingerprint, form, 'opened-in-browser');
}

async function takeToken(fingerprint: string, form: FormData, way: ProveKeyByTokenInput['way']): Promise<FormState> {
  return action(async () => {
    const opened = requireText(form, 'opened', 'what opening the message printed');
    await proveKeyByToken(await currentActor(), { fingerprint, opened, way });
    revalidatePath(`/account/keys/${fingerprint}`);
    return {};
  });
}
