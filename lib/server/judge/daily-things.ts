// What of a person's kept items still stands when their daily mail is made: not what they switched off or muted meanwhile, nothing of the inside of a
// project that they left, no call for a signature that nobody waits for any more, and one call a draft. A call gets a fresh personal link, since
// what lies here for a day holds no token.
import { readDraftId, readProjectName, type AccountName } from '#lib/core/ids.ts';
import { mailEvents, topicOf, type MailEvent, type MailTopic } from '#lib/core/mail-topics.ts';
import type { Change } from '#lib/server/change.ts';
import type { DigestItem } from '#lib/server/db/generated/client.ts';
import type { DailyThing } from '#lib/server/mail/letters/daily.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import { wantsMail } from '#lib/server/mail/wants-mail.ts';
import { makePersonalLink } from './personal-link.ts';
import { roleInForce } from './project-role.ts';

const asks: readonly (MailTopic | null)[] = ['needs-signature', 'reminder'];
const inside: readonly (MailTopic | null)[] = [...asks, 'draft-news', 'draft-ended'];

const eventOf = ({ event }: DigestItem): MailEvent | null =>
  Object.hasOwn(mailEvents, event) ? (event as MailEvent) : null;
const topicOfItem = (item: DigestItem): MailTopic | null => {
  const event = eventOf(item);
  return event === null ? null : topicOf(event);
};

/** `[project, thing]` of what is told, oldest first. */
export async function dailyThings(
  work: Change,
  person: AccountName,
  items: readonly DigestItem[],
): Promise<{ project: string | null; thing: DailyThing }[]> {
  const told: { project: string | null; thing: DailyThing }[] = [];
  for (const item of newestCalls(items)) {
    if (!(await stands(work, person, item))) continue;
    const link = await linkOf(work, person, item);
    if (link === null) continue;
    const isAsking = asks.includes(topicOfItem(item));
    told.push({ project: item.projectName, thing: { says: item.subject, link, isAsking } });
  }
  return told;
}

/** Of several calls to sign one draft only the newest. */
const newestCalls = (items: readonly DigestItem[]): DigestItem[] =>
  items.filter(
    (item, at) =>
      !asks.includes(topicOfItem(item)) ||
      !items.slice(at + 1).some((later) => later.draftId === item.draftId && asks.includes(topicOfItem(later))),
  );

async function stands({ tx, now }: Change, person: AccountName, item: DigestItem): Promise<boolean> {
  const event = eventOf(item);
  if (event === null) return false;
  const project = item.projectName === null ? null : readProjectName(item.projectName);
  const wish = await wantsMail(tx, now, person, { event, project, draft: item.draftId });
  if (wish.delivery === 'off') return false;
  return project === null || !inside.includes(topicOf(event)) || (await roleInForce(tx, project, person)) !== null;
}

/** Where it goes on; null: a call to sign that nobody waits for any more. */
async function linkOf(work: Change, person: AccountName, item: DigestItem): Promise<string | null> {
  if (item.draftId === null || !asks.includes(topicOfItem(item))) return item.link ?? linkTo(pathOf(item));
  const draft = await work.tx.draft.findUnique({ where: { id: item.draftId } });
  if (draft === null || draft.state !== 'draft') return null;
  const { id: draftId, revision, deadline } = draft;
  const signed = { draftId, revision, personName: person, subject: 'statement', countedSlot: { not: null } };
  if ((await work.tx.signature.count({ where: signed })) > 0) return null;
  return makePersonalLink(work, { id: readDraftId(draftId), revision, deadline }, person);
}

const pathOf = ({ draftId, projectName }: DigestItem): string =>
  draftId === null ? `/projects/${projectName ?? ''}` : `/drafts/${draftId}`;
