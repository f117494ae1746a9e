// Removes a webhook with its secrets, its messages and the log of their tries. History keeps that it was there.
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { findWebhook, hostOf, lockWebhooks, type WebhookWish } from '#lib/server/judge/webhook.ts';

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.not-found` */
export async function removeWebhook(actor: Actor, input: WebhookWish): Promise<void> {
  await change(actor, 'web', async (work) => {
    const { project } = await lockWebhooks(work, actor, input.project);
    const webhook = await findWebhook(work.tx, project, input.webhook);
    await work.tx.webhook.delete({ where: { id: webhook.id } });
    await work.record('webhook.removed', { project, details: { webhook: webhook.id, host: hostOf(webhook) } });
  });
}
