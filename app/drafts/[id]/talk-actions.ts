'use server';
// What people say about a draft without signing it, and the address at which it is tried. The revision they looked at goes along.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { commentDraft } from '#lib/server/commands/comment-draft.ts';
import { endPreview, renewPreview } from '#lib/server/commands/renew-preview.ts';
import { stateRebuild } from '#lib/server/commands/state-rebuild.ts';
import { takeBackComment } from '#lib/server/commands/take-back-comment.ts';
import { takeBackRebuild } from '#lib/server/commands/take-back-rebuild.ts';

/** Runs it, and shows the page of the draft anew. */
async function onDraft(draft: string, work: () => Promise<unknown>): Promise<FormState> {
  return action(async () => {
    await work();
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function comment(draft: string, revision: number, _before: FormState, form: FormData): Promise<FormState> {
  return onDraft(draft, async () => {
    const text = requireText(form, 'comment', 'your comment');
    await commentDraft(await currentActor(), { draft, text, revision });
  });
}

export async function takeBackWritten(
  draft: string,
  id: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return onDraft(draft, async () => takeBackComment(await currentActor(), { draft, comment: id }));
}

export async function state(draft: string, revision: number, _before: FormState, form: FormData): Promise<FormState> {
  return onDraft(draft, async () => {
    const [digests, recipe] = [textOf(form, 'digests'), textOf(form, 'recipe')];
    await stateRebuild(await currentActor(), { draft, digests, recipe, expectedRevision: revision });
  });
}

export async function takeBackStated(
  draft: string,
  rebuild: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return onDraft(draft, async () => takeBackRebuild(await currentActor(), { draft, rebuild }));
}

export async function renewAddress(draft: string, _before: FormState, _form: FormData): Promise<FormState> {
  return onDraft(draft, async () => renewPreview(await currentActor(), { draft }));
}

export async function endAddress(draft: string, _before: FormState, _form: FormData): Promise<FormState> {
  return onDraft(draft, async () => endPreview(await currentActor(), { draft }));
}
