// The end of a message that did not arrive: after three days of tries, or because the receiver said that it is gone, which stops the whole
// webhook. Both stand in the history of the project, because from here on somebody waits for what will not come.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readProjectName } from '#lib/core/ids.ts';
import { change, type Change } from '#lib/server/change.ts';
import type { Claimed } from './deliver.ts';

const goneWhy = 'The receiver answered 410 Gone.';

/** Ends the message; `gone` stops its webhook. Does nothing where it was removed, or taken over by another program, in between. */
export async function giveUp(message: Claimed, why: 'gone' | 'too-often'): Promise<void> {
  try {
    await change({ kind: 'jobs' }, 'jobs', (work) => end(work, message, why));
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
  }
}

async function end({ tx, now, record }: Change, message: Claimed, why: 'gone' | 'too-often'): Promise<void> {
  const { id, webhookId, event, tries, claimedAt } = message;
  const webhook = await tx.webhook.findUnique({ where: { id: webhookId } });
  const held = { id, claimedAt, deliveredAt: null };
  const written = await tx.webhookMessage.updateMany({ where: held, data: { claimedAt: null, givenUpAt: now } });
  if (webhook === null || written.count === 0) throw refuse('webhook.not-found', {});
  const project = readProjectName(webhook.projectName);
  const { host } = new URL(webhook.url);
  await record('webhook.given-up', { project, details: { host, event, message: id, tries } });
  if (why === 'too-often') return;
  const stopped = { stoppedAt: now, stoppedWhy: goneWhy };
  const hit = await tx.webhook.updateMany({ where: { id: webhookId, stoppedAt: null }, data: stopped });
  if (hit.count > 0) await record('webhook.stopped', { project, details: { host, reason: goneWhy } });
}
