// Mails a sign-in link. The answer, the mail and the rows are the same whether or not the address is known: nobody learns
// here who has an account. The link is single-use and short-lived; only the hash of its token is stored.
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { readReturnTo } from '#lib/server/http/return-to.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress, type MailAddress } from '#lib/server/mail/address.ts';
import { signInLetter } from '#lib/server/mail/letters/sign-in.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

/** All hostile but `client`, which is the network address that the web program saw. */
export type RequestSignInInput = { address: string; returnTo?: string; client: string };

/** @throws `address.not-one-mailbox`, `sign-in.too-many` */
export async function requestSignIn(actor: Actor, input: RequestSignInInput): Promise<{ address: MailAddress }> {
  const address = readMailAddress(input.address);
  await requireRate('sign-in-mail-by-client', input.client);
  await requireRate('sign-in-mail-to-address', address);
  const token = makeToken();
  await change(actor, 'web', async ({ tx, now, record, mail }) => {
    const expiresAt = after(now, limits.signInLinkMs);
    const returnTo = readReturnTo(input.returnTo);
    await tx.signInLink.create({ data: { tokenHash: hashToken(token), address, returnTo, createdAt: now, expiresAt } });
    await record('sign-in.asked');
    await mail({ address }, signInLetter({ token, expiresAt }));
  });
  return { address };
}
