// When the actor wants mail: their time zone, the hours in which it is quiet, and the hour of the daily mail.
import { refuse } from '#lib/core/errors.ts';
import { readTimeZone, type MailHours } from '#lib/core/local-time.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, viaOf } from '#lib/server/change.ts';

/** Hours as numbers from 0 to 23; quiet hours: both or neither. All hostile. */
export type MailHoursInput = MailHours;

function requireHour(claimed: number): number {
  if (Number.isInteger(claimed) && claimed >= 0 && claimed <= 23) return claimed;
  throw refuse('input.not-a', { what: 'an hour from 0 to 23', claimed: String(claimed).slice(0, 40) });
}

/** @throws `person.sign-in-first`, `input.not-a`, `mail.quiet-hours` */
export async function changeMailHours(actor: Actor, input: MailHoursInput): Promise<void> {
  const personName = requireOwn(actor, 'account');
  const { quietFrom, quietTo } = input;
  if ((quietFrom === null) !== (quietTo === null) || (quietFrom !== null && quietFrom === quietTo))
    throw refuse('mail.quiet-hours', {});
  const hours = {
    timeZone: readTimeZone(input.timeZone),
    quietFrom: quietFrom === null ? null : requireHour(quietFrom),
    quietTo: quietTo === null ? null : requireHour(quietTo),
    digestHour: requireHour(input.digestHour),
  };
  await change(actor, viaOf(actor), async ({ tx, record }) => {
    await tx.mailHours.upsert({ where: { personName }, create: { personName, ...hours }, update: hours });
    await record('mail.hours-changed', { person: personName, details: { timeZone: hours.timeZone } });
  });
}
