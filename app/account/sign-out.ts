'use server';
// Signing out: the action of the button in the account menu. Works without script.

import { redirect } from 'next/navigation';
import { endSession } from '#lib/next/session.ts';

/** Ends the session of this browser. */
export async function signOutHere(): Promise<void> {
  await endSession();
  redirect('/');
}
