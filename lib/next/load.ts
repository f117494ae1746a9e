// What a page does when its query refuses: to the sign-in page and back, or "there is nothing here". Foreign and missing things look the same.
// Anything else is thrown on: the error page shows it without details.

import 'server-only';
import { notFound, redirect } from 'next/navigation';
import { isRefusal, type RefusalKind } from '#lib/core/errors.ts';

const nothingHere: RefusalKind[] = ['not-found', 'forbidden', 'invalid'];

/** Runs a page's query. `here` is the address to come back to after signing in. */
export async function load<T>(here: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    if (fault.kind === 'unauthenticated') redirect(`/sign-in?${new URLSearchParams({ returnTo: here }).toString()}`);
    if (nothingHere.includes(fault.kind)) notFound();
    throw fault;
  }
}
