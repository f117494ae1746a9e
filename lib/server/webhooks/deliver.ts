// Delivers what is queued for webhooks. A message is claimed (FOR UPDATE SKIP LOCKED) before it is sent, never sent inside a transaction, and
// tried again for three days, the waits growing. At least once: a program that dies between sending and marking leaves a claim that lapses, and
// the receiver knows the second copy by its id. One message of a webhook at a time, so that a slow receiver holds up nobody else's.
// Receivers are hostile: bounded in time and size, looked at again in the name of every try (outgoing/ask.ts).
import { randomUUID } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { after } from '#lib/server/clock.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';
import { ask, type Answered } from '#lib/server/outgoing/ask.ts';
import { runtime } from '#lib/server/runtime.ts';
import { faultOfAddress, isNamedByOperator } from './address.ts';
import { giveUp } from './give-up.ts';
import { secretsOf } from './secret.ts';
import { headersOf } from './sign.ts';

export type Claimed = { id: string; webhookId: string; event: string; body: string; tries: number; claimedAt: Date };
type Outcome = { status: number; response: string } | { status: null; fault: string };
type Try = { at: Date; ms: number; headers: Record<string, string>; outcome: Outcome };

/** Tests answer names themselves. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** Sends everything that is due now, several webhooks at once; answers how many messages arrived. */
export async function deliverWebhooks(resolve?: Resolve): Promise<number> {
  let arrived = 0;
  for (;;) {
    const batch = await claim(runtime().clock.now());
    if (batch.length === 0) return arrived;
    const done = await Promise.all(batch.map((message) => deliverOne(message, resolve)));
    arrived += done.filter(Boolean).length;
  }
}

/** Claims the oldest due message of each webhook. Claims of programs that died are taken over after a while. */
async function claim(now: Date): Promise<Claimed[]> {
  const lapsed = after(now, -limits.webhookClaimMs);
  return runtime().db.$queryRaw<Claimed[]>`
    UPDATE "WebhookMessage" SET "claimedAt" = ${now}, "tries" = "tries" + 1
    WHERE "id" IN (
      SELECT m."id" FROM "WebhookMessage" m JOIN "Webhook" w ON w."id" = m."webhookId"
      WHERE m."id" IN (
        SELECT DISTINCT ON ("webhookId") "id" FROM "WebhookMessage"
        WHERE "deliveredAt" IS NULL AND "givenUpAt" IS NULL AND "nextAt" <= ${now}
          AND ("claimedAt" IS NULL OR "claimedAt" <= ${lapsed})
        ORDER BY "webhookId", "createdAt", "id"
      )
        AND w."stoppedAt" IS NULL AND m."deliveredAt" IS NULL AND m."givenUpAt" IS NULL AND m."nextAt" <= ${now}
        AND (m."claimedAt" IS NULL OR m."claimedAt" <= ${lapsed})
      ORDER BY m."nextAt", m."id" LIMIT ${limits.webhookAtOnce}
      FOR UPDATE OF m SKIP LOCKED
    )
    RETURNING "id", "webhookId", "event", "body", "tries", "claimedAt"`;
}

async function deliverOne(message: Claimed, resolve?: Resolve): Promise<boolean> {
  const { db, hold } = runtime();
  const webhook = await db.webhook.findUnique({ where: { id: message.webhookId } });
  if (webhook === null) return false; // removed in between, and its messages with it
  const made = await send(message, webhook.url, resolve);
  await hold?.('webhook.sent');
  await note(message, made);
  const { outcome } = made;
  const isDone = outcome.status !== null && outcome.status >= 200 && outcome.status < 300;
  if (!isDone) await tryLater(message, outcome);
  return isDone;
}

async function send({ id, webhookId, body }: Claimed, address: string, resolve?: Resolve): Promise<Try> {
  const { db, clock } = runtime();
  const at = clock.now();
  const secrets = await secretsOf(db, webhookId, at);
  if (secrets === null) {
    const fault = 'This program does not have the webhook key of the instance (WEBHOOK_KEY), so it sent nothing.';
    return { at, ms: 0, headers: {}, outcome: { status: null, fault } };
  }
  const headers = headersOf(secrets, { id, at, body });
  const begun = performance.now();
  const outcome = await post(new URL(address), headers, body, resolve);
  return { at, ms: Math.round(performance.now() - begun), headers, outcome };
}

async function post(url: URL, headers: Record<string, string>, body: string, resolve?: Resolve): Promise<Outcome> {
  const why = faultOfAddress(url);
  if (why !== null) return { status: null, fault: `The address is not asked: ${why}.` };
  const answered = await ask({
    ...{ url, method: 'POST', headers, body, longer: 'cut', trusted: isNamedByOperator(url) },
    ...{ bytesMax: limits.webhookAnswerBytesMax, ms: limits.webhookMs, ...(resolve && { resolve }) },
  });
  return asOutcome(answered);
}

/** What came back as text that a row can hold; the rest of a character that was cut is left out. */
function asOutcome(answered: Answered): Outcome {
  if (answered.status === null) return { status: null, fault: answered.why.slice(0, 500) };
  const { status } = answered;
  if (status < 100 || status > 599) return { status: null, fault: `an answer with the status ${status}` };
  return { status, response: new TextDecoder().decode(answered.bytes, { stream: true }).replaceAll('\0', '�') };
}

/** Keeps the try, and marks the message where it arrived. Does nothing where it was removed in between. */
async function note(message: Claimed, { at, ms, headers, outcome }: Try): Promise<void> {
  const { status } = outcome;
  const isDone = status !== null && status >= 200 && status < 300;
  await runtime().db.$transaction(async (tx: Transaction) => {
    const deliveredAt = isDone ? { deliveredAt: runtime().clock.now(), claimedAt: null } : {};
    const held = { id: message.id, claimedAt: message.claimedAt };
    const written = await tx.webhookMessage.updateMany({ where: held, data: { tries: message.tries, ...deliveredAt } });
    if (written.count === 0) return;
    await tx.webhookAttempt.create({ data: { id: randomUUID(), messageId: message.id, at, ms, headers, ...outcome } });
  });
}

/** 410 Gone stops the webhook (standardwebhooks.com, "Gone"); the last try ends the message; else the next wait. */
async function tryLater(message: Claimed, outcome: Outcome): Promise<void> {
  if (outcome.status === 410) return giveUp(message, 'gone');
  const wait = limits.webhookRetriesMs[message.tries - 1];
  if (wait === undefined) return giveUp(message, 'too-often');
  const { db, clock } = runtime();
  await db.webhookMessage.updateMany({
    where: { id: message.id, claimedAt: message.claimedAt },
    data: { claimedAt: null, nextAt: after(clock.now(), wait) },
  });
}

/** Removes what is older than a month, with its tries. */
export async function forgetMessages(): Promise<number> {
  const { db, clock } = runtime();
  const old = after(clock.now(), -limits.webhookKeptMs);
  return (await db.webhookMessage.deleteMany({ where: { createdAt: { lt: old }, startedAt: { lt: old } } })).count;
}
