// Queues what webhooks are told, as rows in the transaction of the change: a message exists if and only if what it tells is committed. What it
// carries is the history entry as the file of the timeline has it (docs/formats/history.md), as a person of the project reads it.
import { randomBytes } from 'node:crypto';
import type { HistoryEntry } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { lineFields } from '#lib/server/history/json-line.ts';
import { asLines } from '#lib/server/queries/history-lines.ts';
import { runtime } from '#lib/server/runtime.ts';
import { eventsIn, isWebhookEvent } from './events.ts';

const insider = { isInside: () => true, place: 'project' } as const;

/** The same id however often it is sent, so that a receiver knows a repetition; the number of the entry keeps them in its order. */
const messageId = (entry: bigint): string =>
  `msg_${entry.toString(16).padStart(16, '0')}${randomBytes(8).toString('hex')}`;

/** The bytes of a message (standardwebhooks.com, "Payload structure"). */
const renderBody = (type: string, at: Date, data: object): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });

/** `entry`: the number of the history entry that it tells. */
type Told = { event: string; body: string; at: Date; entry?: bigint };

/** Queues one message to one webhook. */
export async function queueMessage(
  tx: Transaction,
  webhookId: string,
  { event, body, at, entry }: Told,
): Promise<string> {
  const id = messageId(entry ?? 0n);
  const times = { createdAt: at, startedAt: at, nextAt: at };
  await tx.webhookMessage.create({ data: { id, webhookId, event, body, ...times } });
  return id;
}

/** Tells every webhook of the entry's project that asked for its kind. */
export async function queueWebhooks(tx: Transaction, entry: HistoryEntry): Promise<void> {
  const { projectName, kind, at } = entry;
  if (projectName === null || !isWebhookEvent(kind)) return;
  const webhooks = await tx.webhook.findMany({ where: { projectName, stoppedAt: null }, orderBy: { id: 'asc' } });
  const wanted = webhooks.filter(({ events }) => eventsIn(events).includes(kind));
  if (wanted.length === 0) return;
  const [line] = await asLines(tx, [entry], insider);
  if (!line) return;
  const { publicUrl } = runtime().config;
  const { draft, ...fields } = lineFields(line, publicUrl);
  const places =
    draft === null ? {} : { page: `${publicUrl}/drafts/${draft}`, status: `${publicUrl}/drafts/${draft}/status.json` };
  const body = renderBody(kind, at, { index: runtime().indexName, ...fields, draft, ...places });
  for (const { id } of wanted) await queueMessage(tx, id, { event: kind, body, at, entry: entry.id });
}

/** What "Send a test" sends: shaped like every message, and true. */
export const testBody = (project: string, by: string, at: Date): string =>
  renderBody('webhook.test', at, {
    ...{ index: runtime().indexName, project, actor: by },
    sentence: `${by} sent a test (${project})`,
  });
