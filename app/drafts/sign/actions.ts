'use server';
// One of several drafts that are signed together. The page is not loaded again after each: what came of it is answered here.

import type { SigningState } from '#components/signing/document.client.ts';
import { handInForDraft } from '#lib/next/sign-draft.ts';

export async function handInOneOf(
  draft: string,
  expectedRevision: number,
  _before: SigningState,
  form: FormData,
): Promise<SigningState> {
  return { results: [], ...(await handInForDraft(draft, expectedRevision, form)) };
}
