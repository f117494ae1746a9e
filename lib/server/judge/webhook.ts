// A webhook by its claimed id, for owners of its project. The project's row is locked, so that two owners never pass a limit, or make two newest
// secrets, together; one of another project is not there.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import type { Change } from '#lib/server/change.ts';
import type { Webhook } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { requireRight } from './project-role.ts';

/** Which webhook of which project; both hostile. */
export type WebhookWish = { project: string; webhook: string };

/** Refuses `person.…`, `project.not-found`, and `session.not-fresh`; locks the project. */
export async function lockWebhooks(
  { tx, now }: Change,
  actor: Actor,
  claimed: string,
): Promise<{ project: ProjectName; name: AccountName }> {
  const { project, name } = await requireRight(tx, actor, 'webhook.manage', claimed);
  requireFresh(actor, now.getTime());
  await lockRow(tx, 'Project', project.name);
  return { project: project.name, name };
}

/** Refuses `webhook.not-found`. */
export async function findWebhook(tx: Transaction, project: ProjectName, id: string): Promise<Webhook> {
  const row = await tx.webhook.findFirst({ where: { id, projectName: project } });
  if (row === null) throw refuse('webhook.not-found', {});
  return row;
}

/** What may be said of an address where others read it. */
export const hostOf = ({ url }: Pick<Webhook, 'url'>): string => new URL(url).host;
