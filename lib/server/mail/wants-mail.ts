// Who gets which mail, and when: decided here, once, at the moment at which it is queued, and nowhere else. What protects people always goes out
// at once (core/mail-topics.ts). Everything else follows what the person chose for the project, else for all projects; a draft that they
// muted is silent; in their quiet hours it waits until these are over. Reads rows only; a change is never refused because of a wish for mail.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { quietUntil } from '#lib/core/local-time.ts';
import { allProjects, deliveryFor, topicOf, type MailEvent } from '#lib/core/mail-topics.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadMuted } from '#lib/server/judge/silence.ts';
import { loadMailHours } from './mail-hours.ts';

export type MailAbout = { event: MailEvent; project: ProjectName | null; draft: string | null };

/** `from`: not before this moment. */
export type Wish = { delivery: 'at-once'; from: Date } | { delivery: 'daily' } | { delivery: 'off' };

/** How each of these people wants this mail: three look-ups, however many they are. */
export async function loadWishes(
  tx: Transaction,
  now: Date,
  people: readonly AccountName[],
  { event, project, draft }: MailAbout,
): Promise<(person: AccountName) => Wish> {
  const topic = topicOf(event);
  if (topic === null) return () => ({ delivery: 'at-once', from: now });
  const personName = { in: [...people] };
  const projectName = { in: project === null ? [allProjects] : [allProjects, project] };
  const muted = draft === null ? new Set<string>() : await loadMuted(tx, draft, people);
  const choices = await tx.mailChoice.findMany({ where: { personName, topic, projectName } });
  const hoursOf = await loadMailHours(tx, people);
  return (person) => {
    if (muted.has(person)) return { delivery: 'off' };
    const own = choices.filter((choice) => choice.personName === person);
    const delivery = deliveryFor(own, project, topic);
    if (delivery !== 'at-once') return { delivery };
    return { delivery, from: new Date(quietUntil(now.getTime(), hoursOf(person)) ?? now) };
  };
}

/** How this person wants this mail. */
export async function wantsMail(tx: Transaction, now: Date, person: AccountName, about: MailAbout): Promise<Wish> {
  return (await loadWishes(tx, now, [person], about))(person);
}
