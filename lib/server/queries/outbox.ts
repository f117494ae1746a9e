// The outbox as the operator sees it: what waits and why, what was given up and why, whether mail goes out at all; and whether the index is fresh. Never the text of a mail: it
// holds links by which people sign in.
import { after } from '#lib/server/clock.ts';
import type { Mail as MailRow } from '#lib/server/db/generated/client.ts';
import { freshness, type Freshness } from '#lib/server/handoff/freshness.ts';
import { requireOperator } from '#lib/server/mail/operator.ts';
import { runtime } from '#lib/server/runtime.ts';

export type OutboxEntry = {
  id: string;
  to: string;
  subject: string;
  event: string;
  createdAt: Date;
  attempts: number;
  /** What the mail server, or the network, last said. */
  lastError: string | null;
  /** Of one that waits: when it is tried again. */
  nextAt: Date | null;
  /** Of one that was given up: when, why, and whether it can be tried once more. */
  failed: { at: Date; why: 'refused' | 'too-old'; canRetry: boolean } | null;
};

export type Outbox = {
  /** There is a mail server; else all mail ends in the local mailbox. */
  hasServer: boolean;
  waiting: OutboxEntry[];
  waitingCount: number;
  failed: OutboxEntry[];
  failedCount: number;
  sentLastDay: number;
  lastSentAt: Date | null;
  /** Of the index that is served; null: it has no timestamp yet. */
  freshness: Freshness | null;
};

const shownMax = 100;
const day = 86_400_000;

function asEntry(row: MailRow, now: Date): OutboxEntry {
  const {
    id,
    toAddress,
    subject,
    event,
    createdAt,
    attempts,
    lastError,
    nextAt,
    failedAt,
    failure,
    prunedAt,
    uselessAt,
  } = row;
  const canRetry = prunedAt === null && (uselessAt === null || uselessAt > now);
  return {
    ...{ id, to: toAddress, subject, event, createdAt, attempts, lastError },
    nextAt: failedAt === null ? nextAt : null,
    failed: failedAt && { at: failedAt, why: failure === 'refused' ? 'refused' : 'too-old', canRetry },
  };
}

/** @throws `operator.not-found` */
export async function outbox(secret: string): Promise<Outbox> {
  requireOperator(secret);
  const { db, clock, config } = runtime();
  const now = clock.now();
  const waits = { sentAt: null, failedAt: null };
  const gaveUp = { failedAt: { not: null } };
  const waiting = await db.mail.findMany({
    where: waits,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: shownMax,
  });
  const failed = await db.mail.findMany({
    where: gaveUp,
    orderBy: [{ failedAt: 'desc' }, { id: 'asc' }],
    take: shownMax,
  });
  const last = await db.mail.aggregate({ _max: { sentAt: true } });
  return {
    hasServer: config.smtpUrl !== null,
    waiting: waiting.map((row) => asEntry(row, now)),
    waitingCount: await db.mail.count({ where: waits }),
    failed: failed.map((row) => asEntry(row, now)),
    failedCount: await db.mail.count({ where: gaveUp }),
    sentLastDay: await db.mail.count({ where: { sentAt: { gt: after(now, -day) } } }),
    lastSentAt: last._max.sentAt,
    freshness: await freshness(),
  };
}
