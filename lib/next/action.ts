// Server actions: a refusal comes back to the form as data, so the page never breaks and what was typed is kept; one that is a trace of
// something stands in history by then.
// Trusts nothing that is thrown; gives away only what lib/server/http/refusal.ts lets through.

import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { asRefusal } from '#lib/server/http/refusal.ts';

/** A refusal as a form shows it: plain data, so it can cross from server to browser. */
export type ShownRefusal = { code: string; message: string; details: Record<string, unknown> };

export type ActionResult<T extends object> = (T & { refusal?: undefined }) | { refusal: ShownRefusal };

/** Runs an action's work and gives its result, or `{ refusal }`. Never throws, except Next's redirect and not-found. */
export async function action<T extends object>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return await keepingRefusedChange(work);
  } catch (fault) {
    unstable_rethrow(fault);
    const refusal = asRefusal(fault);
    return { refusal: { code: refusal.code, message: refusal.message, details: { ...(refusal.details as object) } } };
  }
}
