'use server';
// Signing in with a passkey, and confirming with one that it is still you: a question, and its answer. The answer opens a session in the
// place of the one that this browser had, and goes on where the person wanted to be.

import { redirect } from 'next/navigation';
import { action } from './action.ts';
import { clientAddress, currentActor, currentToken, keepSession } from './session.ts';
import { confirmPasskeySignIn } from '#lib/server/commands/confirm-passkey-sign-in.ts';
import { startPasskeySignIn } from '#lib/server/commands/start-passkey-sign-in.ts';

export async function askPasskey() {
  return action(async () => ({
    options: await startPasskeySignIn(await currentActor(), { client: await clientAddress() }),
  }));
}

export async function signInWithPasskey(returnTo: string, answer: string) {
  return action(async () => {
    const replaces = await currentToken();
    const signedIn = await confirmPasskeySignIn(await currentActor(), {
      answer: String(answer),
      returnTo: String(returnTo),
      client: await clientAddress(),
      ...(replaces !== undefined && { replaces }),
    });
    await keepSession(signedIn);
    redirect(signedIn.returnTo);
  });
}
