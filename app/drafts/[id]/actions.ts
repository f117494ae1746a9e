'use server';
// What people do with a draft. The revision they looked at goes along: what they did not see they cannot sign or change.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { refuse } from '#lib/core/errors.ts';
import { action } from '#lib/next/action.ts';
import { requireText, requireTyped, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { handInForDraft as handIn } from '#lib/next/sign-draft.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';

export async function handInForDraft(
  draft: string,
  expectedRevision: number,
  _before: SigningState,
  form: FormData,
): Promise<SigningState> {
  const answer = await handIn(draft, expectedRevision, form);
  revalidatePath(`/drafts/${draft}`);
  return { results: [], ...answer };
}

export async function takeBack(
  draft: string,
  signature: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await takeBackSignature(await currentActor(), { draft, signature });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function removeFiles(
  draft: string,
  expectedRevision: number,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    const remove = textsOf(form, 'remove');
    if (remove.length === 0) throw refuse('input.missing', { field: 'which files to leave out' });
    await changeFiles(await currentActor(), { draft, uploads: [], remove, signatures: [], expectedRevision });
    redirect(`/drafts/${draft}`);
  });
}

export async function decline(
  draft: string,
  expectedRevision: number,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    const reason = requireText(form, 'declineReason', 'the reason');
    await declineDraft(await currentActor(), { draft, reason, expectedRevision });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function lift(draft: string, declineId: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await liftDecline(await currentActor(), { draft, decline: declineId });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function withdraw(draft: string, version: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    requireTyped(form, version);
    const reason = requireText(form, 'withdrawReason', 'the reason');
    await withdrawDraft(await currentActor(), { draft, reason });
    redirect(`/drafts/${draft}`);
  });
}
