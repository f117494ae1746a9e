// What goes round the clock, in this order, each by itself: a step that fails is told and tried again at the next round, and
// never holds up the others. Every step finds its work in rows, so a crash at any point is finished by the next run.
import { deliverMail, type Transport } from '#lib/server/mail/deliver.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';

export type Step = { name: string; run(transport: Transport): Promise<unknown> };

export const steps: readonly Step[] = [
  { name: 'expire drafts', run: () => expireDrafts() },
  { name: 'place hand-backs', run: () => placeHandbacks() },
  { name: 'deliver mail', run: (transport) => deliverMail(transport) },
];
