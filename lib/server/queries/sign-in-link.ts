// What the page of a sign-in link says before its button is pressed. Reading changes nothing (mail scanners open links).
// Whoever holds the token is the one the mail was sent to, so the address may be shown; anybody else learns only "unusable".
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

export type SignInLinkPage = { usable: true; address: string; isNew: boolean } | { usable: false };

export async function readSignInLink(token: string): Promise<SignInLinkPage> {
  const { db, clock } = runtime();
  const link = await db.signInLink.findUnique({ where: { tokenHash: hashToken(token) } });
  if (!link || link.usedAt !== null || link.expiresAt <= clock.now()) return { usable: false };
  const known = await db.address.findUnique({ where: { address: link.address } });
  return { usable: true, address: link.address, isNew: known === null };
}
