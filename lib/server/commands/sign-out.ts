// Ends one session: the one of the token. A token that opens nothing is already signed out, which is no fault.
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { findSession } from '#lib/server/http/session.ts';
import { hashToken } from '#lib/server/secrets.ts';

export async function signOut(actor: Actor, input: { token: string }): Promise<void> {
  const session = await findSession(input.token);
  if (!session) return;
  await change(actor, 'web', async ({ tx, record }) => {
    await tx.session.deleteMany({ where: { tokenHash: hashToken(input.token) } });
    await record('session.ended', { person: session.person });
  });
}
