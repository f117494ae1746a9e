// Delivers the outbox. Any number of programs may do it at once: a mail is claimed (FOR UPDATE SKIP LOCKED) before it is
// sent and marked afterwards, so that it goes out once; a program that dies between the two leaves a claim that expires,
// and the second copy carries the same Message-ID. Never is a mail sent inside a transaction. SMTP being down delays mail
// and nothing else. Without SMTP_URL the local mailbox is where mail arrives.
import nodemailer from 'nodemailer';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Attachment } from './compose.ts';

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
};

/** Hands one mail on; resolves when the other side has taken responsibility for it. */
export type Transport = { send(mail: OutgoingMail): Promise<void>; close(): void };

/** The local mailbox: the row itself is what the page shows. */
const localMailbox: Transport = { send: async () => undefined, close: () => undefined };

/** Opens SMTP as the settings say, or the local mailbox. */
export function openTransport(): Transport {
  const { smtpUrl, mailFrom } = runtime().config;
  if (smtpUrl === null) return localMailbox;
  const transporter = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: limits.mailSendMs,
    greetingTimeout: limits.mailSendMs,
    socketTimeout: limits.mailSendMs,
    // The content is ours: no file or address is ever read into a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      await transporter.sendMail({
        from: mailFrom,
        to: { name: '', address: mail.toAddress },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: mail.messageId,
        date: mail.createdAt,
        headers: mail.headers as Record<string, string>,
        attachments: (mail.attachments as Attachment[]).map(({ fileName, text }) => ({
          ...{ filename: fileName, content: text, contentType: 'application/octet-stream' },
          contentDisposition: 'attachment' as const,
        })),
      });
    },
    close: () => transporter.close(),
  };
}

/** Claims what is due. Claims of programs that died are taken over after a while. */
async function claim(now: Date): Promise<OutgoingMail[]> {
  const lapsed = after(now, -limits.mailClaimMs);
  return runtime().db.$queryRaw<OutgoingMail[]>`
    UPDATE "Mail" SET "claimedAt" = ${now}, "attempts" = "attempts" + 1
    WHERE "id" IN (
      SELECT "id" FROM "Mail"
      WHERE "sentAt" IS NULL AND "nextAt" <= ${now} AND "attempts" < ${limits.mailAttemptsMax}
        AND ("claimedAt" IS NULL OR "claimedAt" <= ${lapsed})
      ORDER BY "createdAt", "id" LIMIT ${limits.mailBatch}
      FOR UPDATE SKIP LOCKED
    )
    RETURNING "id", "toAddress", "subject", "text", "html", "headers", "attachments", "messageId", "createdAt", "attempts"`;
}

const backOffMs = (attempts: number): number =>
  Math.min(limits.mailBackOffMs * 2 ** (attempts - 1), limits.mailBackOffMsMax);

async function deliverOne(transport: Transport, mail: OutgoingMail): Promise<boolean> {
  const { db, clock } = runtime();
  try {
    await transport.send(mail);
  } catch (fault) {
    const lastError = (fault instanceof Error ? fault.message : String(fault)).slice(0, 500);
    const nextAt = after(clock.now(), backOffMs(mail.attempts));
    await db.mail.update({ where: { id: mail.id }, data: { claimedAt: null, nextAt, lastError } });
    return false;
  }
  await db.mail.update({ where: { id: mail.id }, data: { claimedAt: null, sentAt: clock.now(), lastError: null } });
  return true;
}

/** Sends everything that is due now; answers how many went out. One mail that fails does not hold up the others. */
export async function deliverMail(transport: Transport): Promise<number> {
  let sent = 0;
  for (;;) {
    const batch = await claim(runtime().clock.now());
    if (batch.length === 0) return sent;
    for (const mail of batch) if (await deliverOne(transport, mail)) sent += 1;
  }
}
