// Adds a webhook to a project and answers its secret, which is never shown again. Whoever reads the receiver's side learns what people of the
// project learn, so it takes an owner with a recent sign-in.
import { randomBytes } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { hostOf, lockWebhooks } from '#lib/server/judge/webhook.ts';
import { limits } from '#lib/server/limits.ts';
import { readWebhookAddress } from '#lib/server/webhooks/address.ts';
import { readEvents } from '#lib/server/webhooks/events.ts';
import { makeSecret } from '#lib/server/webhooks/secret.ts';

export type AddWebhookInput = { project: string; address: string; events: readonly string[] };

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.address`, `webhook.no-events`, `webhook.too-many`, `input.not-a` */
export async function addWebhook(actor: Actor, input: AddWebhookInput): Promise<{ webhook: string; secret: string }> {
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, name } = await lockWebhooks(work, actor, input.project);
    const url = readWebhookAddress(input.address).href;
    const events = readEvents(input.events);
    const most = limits.webhooksPerProjectMax;
    if ((await tx.webhook.count({ where: { projectName: project } })) >= most)
      throw refuse('webhook.too-many', { most });
    const id = randomBytes(6).toString('hex');
    await tx.webhook.create({ data: { id, projectName: project, url, events, createdBy: name, createdAt: now } });
    const secret = await makeSecret(work, id, name, 'overlaps');
    await work.record('webhook.added', { project, details: { webhook: id, host: hostOf({ url }), events } });
    return { webhook: id, secret };
  });
}
