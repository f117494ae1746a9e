// What owners send to a webhook by hand: a test, or a message once more. Both are queued and go the way of every other message; once more means the
// same bytes under the same id, so that a receiver that has it already knows.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import { change, requireHit, type Change } from '#lib/server/change.ts';
import type { Webhook } from '#lib/server/db/generated/client.ts';
import { findWebhook, hostOf, lockWebhooks, type WebhookWish } from '#lib/server/judge/webhook.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { queueMessage, testBody } from '#lib/server/webhooks/queue.ts';

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.not-found`, `webhook.not-now`, `request.too-many` */
export async function testWebhook(actor: Actor, input: WebhookWish): Promise<{ message: string }> {
  await requireRate('webhook-test-by-person', requirePerson(actor));
  return change(actor, 'web', async (work) => {
    const { project, name } = await lockWebhooks(work, actor, input.project);
    const webhook = await findRunning(work, project, input.webhook);
    const told = { event: 'webhook.test', body: testBody(project, name, work.now), at: work.now };
    const message = await queueMessage(work.tx, webhook.id, told);
    await work.record('webhook.tested', { project, details: { webhook: webhook.id, host: hostOf(webhook), message } });
    return { message };
  });
}

/** @throws as `testWebhook`; `webhook.not-now` also for a message that still waits */
export async function sendAgain(actor: Actor, input: WebhookWish & { message: string }): Promise<void> {
  await requireRate('webhook-test-by-person', requirePerson(actor));
  await change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project } = await lockWebhooks(work, actor, input.project);
    const webhook = await findRunning(work, project, input.webhook);
    const where = { id: input.message, webhookId: webhook.id };
    const message = await tx.webhookMessage.findFirst({ where, select: { event: true } });
    if (message === null) throw refuse('webhook.not-found', {});
    const ended = [{ deliveredAt: { not: null } }, { givenUpAt: { not: null } }];
    const anew = { startedAt: now, nextAt: now, claimedAt: null, tries: 0, deliveredAt: null, givenUpAt: null };
    const written = await tx.webhookMessage.updateMany({ where: { ...where, OR: ended }, data: anew });
    requireHit(written, () => refuse('webhook.not-now', { why: 'the message is still being sent' }));
    const details = { webhook: webhook.id, host: hostOf(webhook), message: input.message, event: message.event };
    await work.record('webhook.sent-again', { project, details });
  });
}

/** A webhook that is not stopped. */
async function findRunning({ tx }: Change, project: ProjectName, id: string): Promise<Webhook> {
  const webhook = await findWebhook(tx, project, id);
  if (webhook.stoppedAt !== null)
    throw refuse('webhook.not-now', { why: 'the webhook is stopped; let it go on first' });
  return webhook;
}
