// Delivers the outbox. Any number of programs may do it at once: a mail is claimed (FOR UPDATE SKIP LOCKED), one at a time, before it is sent, and
// marked afterwards if it is still ours, so that it goes out once; a program that dies between the two leaves a claim that lapses, and the second
// copy carries the same Message-ID: SMTP knows no more than that. A send is cut off long before its claim lapses. Never is a mail sent inside a
// transaction. What failed for now is tried again with growing pauses; what was refused for good, or is of no use any more, is given up. SMTP
// being down or slow delays mail and nothing else. Without SMTP_URL the local mailbox is where mail arrives.
import nodemailer from 'nodemailer';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Prisma } from '#lib/server/db/generated/client.ts';
import { kindOfFailure } from './failure.ts';
import { messageOf } from './message.ts';

export type OutgoingMail = {
  id: string;
  toAddress: string;
  subject: string;
  text: string;
  html: string;
  headers: unknown;
  /** As the outbox wrote them: `Attachment[]`. */
  attachments: unknown;
  messageId: string;
  createdAt: Date;
  attempts: number;
  claimedAt: Date;
  uselessAt: Date | null;
};

/** Hands one mail on; resolves when the other side has taken responsibility for it. */
export type Transport = { send(mail: OutgoingMail): Promise<void>; close(): void };

/** The local mailbox: the row itself is what the page shows. */
const localMailbox: Transport = { send: async () => undefined, close: () => undefined };

/** Opens SMTP as the settings say, or the local mailbox. */
export function openTransport(): Transport {
  const { smtpUrl } = runtime().config;
  if (smtpUrl === null) return localMailbox;
  const transporter = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: limits.mailSilenceMs,
    greetingTimeout: limits.mailSilenceMs,
    socketTimeout: limits.mailSilenceMs,
    // The content is ours: no file or address is ever read into a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      await transporter.sendMail({ ...(await messageOf(mail)), signal: AbortSignal.timeout(limits.mailSendMs) });
    },
    close: () => transporter.close(),
  };
}

/** Claims the oldest that is due. Claims of programs that died are taken over after a while. */
async function claim(now: Date): Promise<OutgoingMail | undefined> {
  const lapsed = after(now, -limits.mailClaimMs);
  const [claimed] = await runtime().db.$queryRaw<OutgoingMail[]>`
    UPDATE "Mail" SET "claimedAt" = ${now}, "attempts" = "attempts" + 1
    WHERE "id" IN (
      SELECT "id" FROM "Mail"
      WHERE "sentAt" IS NULL AND "failedAt" IS NULL AND "nextAt" <= ${now}
        AND ("claimedAt" IS NULL OR "claimedAt" <= ${lapsed})
      ORDER BY "createdAt", "id" LIMIT 1
      FOR UPDATE SKIP LOCKED
    )
    RETURNING "id", "toAddress", "subject", "text", "html", "headers", "attachments", "messageId", "createdAt", "attempts", "claimedAt", "uselessAt"`;
  return claimed;
}

const backOffMs = (attempts: number): number =>
  Math.min(limits.mailBackOffMs * 2 ** (attempts - 1), limits.mailBackOffMsMax);

/** From when on it is not tried any more. */
function giveUpAt({ createdAt, uselessAt }: OutgoingMail): Date {
  const tooOld = after(createdAt, limits.mailGiveUpMs);
  return uselessAt !== null && uselessAt < tooOld ? uselessAt : tooOld;
}

/** Writes what became of a mail, if our claim still stands: whoever took it over writes for themselves. */
async function mark({ id, claimedAt }: OutgoingMail, data: Prisma.MailUpdateManyMutationInput): Promise<void> {
  await runtime().db.mail.updateMany({ where: { id, claimedAt }, data: { ...data, claimedAt: null } });
}

async function markFailed(mail: OutgoingMail, fault: unknown): Promise<void> {
  const now = runtime().clock.now();
  const lastError = (fault instanceof Error ? fault.message : String(fault)).slice(0, 500);
  const nextAt = after(now, backOffMs(mail.attempts));
  if (kindOfFailure(fault) === 'refused') await mark(mail, { lastError, failedAt: now, failure: 'refused' });
  else if (nextAt >= giveUpAt(mail)) await mark(mail, { lastError, failedAt: now, failure: 'too-old' });
  else await mark(mail, { lastError, nextAt });
}

/** Whether the mail server could be spoken to; what became of the mail stands in its row. */
async function deliverOne(transport: Transport, mail: OutgoingMail): Promise<'sent' | 'failed' | 'unreachable'> {
  const { clock } = runtime();
  if (mail.uselessAt !== null && mail.uselessAt <= clock.now()) {
    await markFailed(mail, new Error('its link had died before it could be sent'));
    return 'failed';
  }
  try {
    await transport.send(mail);
  } catch (fault) {
    await markFailed(mail, fault);
    return kindOfFailure(fault) === 'unreachable' ? 'unreachable' : 'failed';
  }
  await mark(mail, { sentAt: clock.now(), lastError: null });
  return 'sent';
}

/**
 * Sends what is due now, a few at a time; answers how many went out. One mail that fails does not hold up the others, unless nothing can be sent at
 * all: then the rest is left for the next time.
 */
export async function deliverMail(transport: Transport): Promise<number> {
  const pass: { sent: number; left: number } = { sent: 0, left: limits.mailsPerPass };
  const work = async (): Promise<void> => {
    while (pass.left > 0) {
      pass.left -= 1;
      const mail = await claim(runtime().clock.now());
      if (mail === undefined) return;
      const outcome = await deliverOne(transport, mail);
      if (outcome === 'sent') pass.sent += 1;
      if (outcome === 'unreachable') pass.left = 0;
    }
  };
  await Promise.all(Array.from({ length: limits.mailsAtOnce }, work));
  return pass.sent;
}
