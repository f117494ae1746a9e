// Changes what a webhook is told, and whether anything is sent to it. Another address is another webhook: its secret would go to somebody else.
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit } from '#lib/server/change.ts';
import { findWebhook, hostOf, lockWebhooks, type WebhookWish } from '#lib/server/judge/webhook.ts';
import { readEvents } from '#lib/server/webhooks/events.ts';

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.not-found`, `webhook.no-events`, `input.not-a` */
export async function changeWebhook(actor: Actor, input: WebhookWish & { events: readonly string[] }): Promise<void> {
  await change(actor, 'web', async (work) => {
    const { project } = await lockWebhooks(work, actor, input.project);
    const webhook = await findWebhook(work.tx, project, input.webhook);
    const events = readEvents(input.events);
    await work.tx.webhook.update({ where: { id: webhook.id }, data: { events } });
    await work.record('webhook.changed', { project, details: { webhook: webhook.id, host: hostOf(webhook), events } });
  });
}

/**
 * Stops it, or lets it go on. What happens while it is stopped is not told later; what was queued before is sent when it goes on.
 * @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.not-found`, `webhook.not-now`
 */
export async function switchWebhook(actor: Actor, input: WebhookWish & { on: boolean }): Promise<void> {
  const { on } = input;
  await change(actor, 'web', async (work) => {
    const { project, name } = await lockWebhooks(work, actor, input.project);
    const webhook = await findWebhook(work.tx, project, input.webhook);
    const stopped = { stoppedAt: work.now, stoppedWhy: `${name} stopped it.` };
    const written = await work.tx.webhook.updateMany({
      where: { id: webhook.id, stoppedAt: on ? { not: null } : null },
      data: on ? { stoppedAt: null, stoppedWhy: null } : stopped,
    });
    requireHit(written, () => refuse('webhook.not-now', { why: on ? 'it goes on already' : 'it is stopped already' }));
    const details = { webhook: webhook.id, host: hostOf(webhook) };
    await work.record(on ? 'webhook.resumed' : 'webhook.stopped', { project, details });
  });
}
