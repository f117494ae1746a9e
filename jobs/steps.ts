// What goes round the clock, in this order, each by itself: a step that fails is told and tried again at the next round, and
// never holds up the others. Every step finds its work in rows, so a crash at any point is finished by the next run.
import { deliverMail, type Transport } from '#lib/server/mail/deliver.ts';
import { pruneMail } from '#lib/server/mail/prune-mail.ts';
import { tellEndingKeys } from '#lib/server/commands/tell-ending-keys.ts';
import { approveWaited } from '#lib/server/commands/approve-waited.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { expirePolicies } from '#lib/server/commands/expire-policies.ts';
import { forgetEnded } from '#lib/server/commands/forget-ended.ts';
import { remindPeople } from '#lib/server/commands/remind-people.ts';
import { sendDailyMail } from '#lib/server/commands/send-daily-mail.ts';
import { comparisonFiller } from '#lib/server/changes/fill-comparisons.ts';
import { runtime } from '#lib/server/runtime.ts';
import { freshnessWatch } from '#lib/server/handoff/freshness.ts';
import { followIndex } from '#lib/server/handoff/follow-index.ts';
import { mirrorIndex } from '#lib/server/handoff/mirror-index.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { askWitnesses } from '#lib/server/witnesses/ask-witnesses.ts';
import { serveCosignatures } from '#lib/server/witnesses/served-checkpoint.ts';
import { forgetSuperseded } from '#lib/server/handoff/superseded.ts';
import { sweepFiles, sweepUploads } from '#lib/server/uploads/sweep-uploads.ts';
import { deliverElsewhere } from '#lib/server/other-index/deliver.ts';
import { deliverWebhooks, forgetMessages } from '#lib/server/webhooks/deliver.ts';

export type Step = {
  name: string;
  run(transport: Transport): Promise<unknown>;
  /** It waits for machines that we know nothing of: the other steps go on meanwhile. */
  beside?: true;
};

const hour = 3_600_000;

/** For work that looks at every row of a table: at the first round of this process, and then once an hour. */
function hourly(run: () => Promise<unknown>): () => Promise<unknown> {
  let nextAt = 0;
  return async () => {
    const now = runtime().clock.now().getTime();
    if (now < nextAt) return;
    await run();
    nextAt = now + hour;
  };
}

/** For a web program on another machine than jobs (INDEX_FOLLOW): its own copy of the index tree. */
export const followSteps: readonly Step[] = [
  { name: 'follow the index', run: () => followIndex() },
  { name: 'follow the lines of witnesses', run: () => serveCosignatures() },
  { name: 'forget what was superseded in a copy', run: hourly(() => forgetSuperseded()) },
];

export const steps: readonly Step[] = [
  { name: 'expire drafts', run: () => expireDrafts() },
  { name: 'expire proposals', run: () => expirePolicies() },
  { name: 'approve what has waited', run: () => approveWaited() },
  { name: 'remind people', run: () => remindPeople() },
  { name: 'tell of keys that end', run: hourly(() => tellEndingKeys()) },
  { name: 'compare files', run: comparisonFiller(), beside: true },
  { name: 'place hand-backs', run: () => placeHandbacks() },
  { name: 'watch freshness', run: freshnessWatch() },
  { name: 'ask witnesses', run: () => askWitnesses(), beside: true },
  { name: 'serve lines of witnesses', run: () => serveCosignatures() },
  { name: 'put the index in its bucket', run: () => mirrorIndex(), beside: true },
  { name: 'forget what was superseded', run: hourly(() => forgetSuperseded()) },
  { name: 'deliver webhooks', run: () => deliverWebhooks(), beside: true },
  { name: 'upload to other indexes', run: () => deliverElsewhere(), beside: true },
  { name: 'forget old messages to webhooks', run: hourly(() => forgetMessages()) },
  { name: 'send daily mail', run: () => sendDailyMail() },
  { name: 'deliver mail', run: (transport) => deliverMail(transport), beside: true },
  { name: 'forget the text of old mail', run: hourly(() => pruneMail()) },
  { name: 'forget links and sessions that ended', run: hourly(() => forgetEnded()) },
  { name: 'remove uploads whose time is over', run: hourly(() => sweepUploads()) },
  { name: 'remove files that nothing names', run: hourly(() => sweepFiles()), beside: true },
];
