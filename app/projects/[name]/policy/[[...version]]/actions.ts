'use server';
// Signing and withdrawing policies. The digest that the reader looked at goes along, so that a signature is never taken for another one.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { readSha256 } from '#lib/core/ids.ts';
import { action } from '#lib/next/action.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { currentActor } from '#lib/next/session.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';

export async function handInForPolicy(
  project: string,
  version: number,
  sha256: string,
  _before: SigningState,
  form: FormData,
): Promise<SigningState> {
  const answer = await action(() =>
    handIn(form, async (signature, way) => {
      const input = { project, version, signature, way, expectedSha256: readSha256(sha256) };
      return (await addPolicySignature(await currentActor(), input)).outcomes;
    }),
  );
  revalidatePath(`/projects/${project}`, 'layout');
  return { results: [], ...answer };
}

export async function withdrawChange(
  project: string,
  version: number,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await withdrawPolicy(await currentActor(), { project, version });
    redirect(`/projects/${project}`);
  });
}
