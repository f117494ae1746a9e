// Makes a new secret for a webhook and answers it, the one time that it is shown. The one before signs beside it for a day, so that the receiver can
// be changed in between; or it ends at once, where somebody else may have it.
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { findWebhook, hostOf, lockWebhooks, type WebhookWish } from '#lib/server/judge/webhook.ts';
import { makeSecret } from '#lib/server/webhooks/secret.ts';

export type MakeWebhookSecretInput = WebhookWish & { earlier: 'overlaps' | 'ends-now' };

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `webhook.not-found`, `input.not-a` */
export async function makeWebhookSecret(actor: Actor, input: MakeWebhookSecretInput): Promise<{ secret: string }> {
  const { earlier } = input;
  return change(actor, 'web', async (work) => {
    const { project, name } = await lockWebhooks(work, actor, input.project);
    const webhook = await findWebhook(work.tx, project, input.webhook);
    if (earlier !== 'overlaps' && earlier !== 'ends-now')
      throw refuse('input.not-a', {
        what: 'what becomes of the earlier secret',
        claimed: String(earlier).slice(0, 80),
      });
    const secret = await makeSecret(work, webhook.id, name, earlier);
    const details = { webhook: webhook.id, host: hostOf(webhook), earlier };
    await work.record('webhook.secret-made', { project, details });
    return { secret };
  });
}
