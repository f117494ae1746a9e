// The local mailbox: what the outbox would send, for instances without SMTP. Whoever knows its secret address reads every
// mail, sign-in links included; so it exists only without SMTP_URL, and a wrong secret and a missing mailbox look the same.
import { timingSafeEqual } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { Attachment } from '#lib/server/mail/compose.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import type { Download } from './download.ts';

export type MailboxEntry = { id: string; to: string; subject: string; event: string; createdAt: Date };
export type MailboxMail = MailboxEntry & { text: string; links: string[]; attachments: string[] };

const shownMax = 200;

/** @throws `mailbox.not-found` */
function requireMailbox(secret: string): void {
  const { config, secrets } = runtime();
  const isRight = timingSafeEqual(Buffer.from(hashToken(secret)), Buffer.from(hashToken(secrets.mailbox)));
  if (config.smtpUrl !== null || !isRight) throw refuse('mailbox.not-found', {});
}

/** The newest mails, newest first. */
export async function listMailbox(secret: string): Promise<MailboxEntry[]> {
  requireMailbox(secret);
  const rows = await runtime().db.mail.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: shownMax });
  return rows.map(({ id, toAddress, subject, event, createdAt }) => ({ id, to: toAddress, subject, event, createdAt }));
}

/** One mail with its text part and our own links in it (the page makes them clickable; nothing else is). */
export async function readMailboxMail(secret: string, id: string): Promise<MailboxMail> {
  requireMailbox(secret);
  const { db, config } = runtime();
  const row = await db.mail.findUnique({ where: { id } });
  if (!row) throw refuse('mailbox.not-found', {});
  // A link stands on a line of its own; an address inside a command is none to click.
  const lines = row.text.split('\n').map((line) => line.trim());
  const links = [...new Set(lines.filter((line) => line.startsWith(`${config.publicUrl}/`) && !line.includes(' ')))];
  return {
    id,
    to: row.toAddress,
    subject: row.subject,
    event: row.event,
    createdAt: row.createdAt,
    text: row.text,
    links,
    attachments: attachmentsOf(row).map(({ fileName }) => fileName),
  };
}

const attachmentsOf = (row: { attachments: unknown }): Attachment[] => row.attachments as Attachment[];

/** What is attached to one mail, as a file. @throws `mailbox.not-found` */
export async function mailboxAttachment(secret: string, id: string, fileName: string): Promise<Download> {
  requireMailbox(secret);
  const row = await runtime().db.mail.findUnique({ where: { id } });
  const found = row && attachmentsOf(row).find((attachment) => attachment.fileName === fileName);
  if (!found) throw refuse('mailbox.not-found', {});
  return {
    fileName: found.fileName,
    contentType: 'application/octet-stream',
    bytes: new TextEncoder().encode(found.text),
  };
}

/** Whether mails are only to be found in the local mailbox. */
export const isMailLocal = (): boolean => runtime().config.smtpUrl === null;
