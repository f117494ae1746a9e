// The operator has a mail tried again now: one that waits for its next turn, or one that was given up whose text and link still live. It goes out by the
// same way as every mail, with the same Message-ID.
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit } from '#lib/server/change.ts';
import { requireOperator } from '#lib/server/mail/operator.ts';

/** All hostile. */
export type RetryMailInput = { secret: string; mail: string };

/** @throws `operator.not-found`, `mail.no-retry` */
export async function retryMail(actor: Actor, { secret, mail }: RetryMailInput): Promise<void> {
  requireOperator(secret);
  await change(actor, 'web', async ({ tx, now, record }) => {
    const written = await tx.mail.updateMany({
      where: {
        ...{ id: mail, sentAt: null, claimedAt: null, prunedAt: null },
        OR: [{ uselessAt: null }, { uselessAt: { gt: now } }],
      },
      data: { failedAt: null, failure: null, attempts: 0, nextAt: now },
    });
    requireHit(written, () => refuse('mail.no-retry', {}));
    await record('mail.sent-again', { details: { mail } });
  });
}
