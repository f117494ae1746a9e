// What the page of a link that switches mail off shows: what it is about, whether it is off already, and what still comes. Whoever has the link
// sees it; it holds nothing but the name of the account and what it chose of mail. Reading changes nothing.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { deliveryFor, mailTopics, type Delivery, type MailTopic } from '#lib/core/mail-topics.ts';
import { readUnsubscribeToken } from '#lib/server/mail/unsubscribe-link.ts';
import { runtime } from '#lib/server/runtime.ts';

export type UnsubscribePage = {
  person: AccountName;
  /** null: of all projects. */
  project: ProjectName | null;
  /** "says what is published"; null: the link of a daily mail. */
  names: string | null;
  isOff: boolean;
  /** Of the same project, what can be switched off and comes. */
  still: { title: string; comes: Delivery }[];
};

/** Refuses `mail.link-unusable`. */
export async function unsubscribePage(token: string): Promise<UnsubscribePage> {
  const named = readUnsubscribeToken(token);
  const { db } = runtime();
  if (named === null || (await db.person.count({ where: { name: named.person } })) === 0)
    throw refuse('mail.link-unusable', {});
  const { person, project, topic } = named;
  const choices = await db.mailChoice.findMany({ where: { personName: person } });
  const all = (Object.keys(mailTopics) as MailTopic[]).map((one) => ({
    topic: one,
    title: mailTopics[one].title,
    comes: deliveryFor(choices, project, one),
  }));
  const isDaily = topic === 'daily';
  return {
    ...{ person, project, names: isDaily ? null : mailTopics[topic].names },
    isOff: isDaily
      ? choices.every(({ delivery }) => delivery !== 'daily')
      : all.some((one) => one.topic === topic && one.comes === 'off'),
    still: all
      .filter((one) => one.comes !== 'off' && one.topic !== topic && !(isDaily && one.comes === 'daily'))
      .map(({ title, comes }) => ({ title, comes })),
  };
}
