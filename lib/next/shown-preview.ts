// What a page shows of a change that was only asked for: the preview of the document that would be proposed, or the sentence that says why
// there is none. What is no refusal goes on to the error page.

import 'server-only';
import { isRefusal } from '#lib/core/errors.ts';
import type { PolicyPreview } from '#lib/server/queries/policy-preview.ts';

export type ShownPreview = { preview: PolicyPreview } | { refused: string };

/** Runs a page's preview, the reading of its fields included. Throws what is no refusal. */
export async function shownPreview(ask: () => Promise<PolicyPreview>): Promise<ShownPreview> {
  try {
    return { preview: await ask() };
  } catch (fault) {
    if (isRefusal(fault)) return { refused: fault.message };
    throw fault;
  }
}
