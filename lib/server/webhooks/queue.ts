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

/** Tells every webhook of an entry's project that asked for its kind; the entries are told in their order. */
export async function queueWebhooks(tx: Transaction, entries: readonly HistoryEntry[]): Promise<void> {
  const telling = entries.filter(({ projectName, kind }) => projectName !== null && isWebhookEvent(kind));
  if (telling.length === 0) return;
  const projectName = { in: [...new Set(telling.flatMap((entry) => entry.projectName ?? []))] };
  const webhooks = await tx.webhook.findMany({ where: { projectName, stoppedAt: null }, orderBy: { id: 'asc' } });
  for (const entry of telling) {
    const mine = webhooks.filter((webhook) => webhook.projectName === entry.projectName);
    const wanted = mine.filter(({ events }) => (eventsIn(events) as string[]).includes(entry.kind));
    if (wanted.length > 0) await tell(tx, entry, wanted);
  }
}

async function tell(tx: Transaction, entry: HistoryEntry, webhooks: readonly { id: string }[]): Promise<void> {
  const { kind, at } = entry;
  const [line] = await asLines(tx, [entry], insider);
  if (!line) return;
  const { publicUrl } = runtime().config;
  const { draft, ...fields } = lineFields(line, publicUrl);
  const places =
    draft === null ? {} : { page: `${publicUrl}/drafts/${draft}`, status: `${publicUrl}/drafts/${draft}/status.json` };
  const body = renderBody(kind, at, { index: runtime().indexName, ...fields, draft, ...places });
  for (const { id } of webhooks) await queueMessage(tx, id, { event: kind, body, at, entry: entry.id });
}

/** What "Send a test" sends: shaped like every message, and true. */
export const testBody = (project: string, by: string, at: Date): string =>
  renderBody('webhook.test', at, {
    ...{ index: runtime().indexName, project, actor: by },
    sentence: `${by} sent a test (${project})`,
  });
