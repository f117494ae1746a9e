'use server';
// What a personal link lets its person do with the one draft: hand in signatures, decline, choose what they hear of it, end the link. Each form
// says for whom its page was shown; the cookie must be of the same person.

import { revalidatePath } from 'next/cache';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { linkShownFor } from '#lib/next/link.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { revokeDraftLinks } from '#lib/server/commands/revoke-links.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';

export async function handInByLink(
  draft: string,
  person: string,
  expectedRevision: number,
  _before: SigningState,
  form: FormData,
): Promise<SigningState> {
  const answer = await action(async () => {
    const link = await linkShownFor(draft, person);
    return handIn(form, async (signature) => {
      const { outcomes, standing } = await addSignature(link, { draft, signature, way: 'link', expectedRevision });
      return outcomes.map((outcome) =>
        outcome.result === 'counted' ? { ...outcome, says: `${outcome.says} It is ${standing} now.` } : outcome,
      );
    });
  });
  revalidatePath(`/for-you/${draft}`);
  return { results: [], ...answer };
}

export async function declineByLink(
  draft: string,
  person: string,
  expectedRevision: number,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    const reason = requireText(form, 'declineReason', 'the reason');
    await declineDraft(await linkShownFor(draft, person), { draft, reason, expectedRevision });
    revalidatePath(`/for-you/${draft}`);
    return {};
  });
}

export async function silenceByLink(
  draft: string,
  person: string,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    await silenceDraft(await linkShownFor(draft, person), { draft, wish: textOf(form, 'wish') });
    revalidatePath(`/for-you/${draft}`);
    return {};
  });
}

export async function endLink(draft: string, person: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await revokeDraftLinks(await linkShownFor(draft, person), { draft, person });
    revalidatePath(`/for-you/${draft}`);
    return {};
  });
}
