// Queues mail as rows in the transaction of the change, so that a mail exists if and only if what it tells is committed, and if its reader
// wants it: at once, in the daily mail, or not at all (wants-mail.ts). The Message-ID is made here, once: a mail that has to be sent again
// after a crash is recognised as the same. Header values are ours or checked names; what could carry a line break is made plain.
import { randomUUID } from 'node:crypto';
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { topicOf } from '#lib/core/mail-topics.ts';
import type { Prisma } from '#lib/server/db/generated/client.ts';
import type { JsonObject, Transaction } from '#lib/server/db/transaction.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { MailAddress } from './address.ts';
import { compose, plain, type Letter, type WaysOut } from './compose.ts';
import { linkTo } from './link.ts';
import { unsubscribeLink } from './unsubscribe-link.ts';
import { loadWishes, type Wish } from './wants-mail.ts';

export type Recipient = { address: MailAddress; person?: AccountName };

const draftOf = ({ thread }: Letter): string | null => /^draft-([0-9a-f]{12})$/.exec(thread ?? '')?.[1] ?? null;

/** How the reader switches mail like this off; null: it cannot be switched off, or the reader has no account. */
function waysOutOf({ person }: Recipient, { event, project }: Letter): WaysOut | null {
  const topic = event === 'mail.digest' ? 'daily' : topicOf(event);
  if (person === undefined || topic === null) return null;
  return {
    settings: linkTo('/account/mail'),
    unsubscribe: unsubscribeLink({ person, project: project ?? null, topic }),
  };
}

const referenceOf = (thread: string): string => `<${thread}@${new URL(runtime().config.publicUrl).hostname}>`;

/** Headers for threading, lists and robots (RFC 2919, RFC 3834, RFC 5322 3.6.4), and the way out (RFC 2369, RFC 8058: https only). */
function headersOf(letter: Letter, host: string, waysOut: WaysOut | null): JsonObject {
  const thread = letter.thread ? referenceOf(letter.thread) : null;
  return {
    'Auto-Submitted': 'auto-generated',
    'X-Countersign-Event': letter.event,
    'X-Countersign-Reason': plain(letter.reason),
    ...(letter.project && { 'List-Id': `${letter.project} <${letter.project}.${host}>` }),
    ...(thread && { References: thread, 'In-Reply-To': thread }),
    ...(waysOut && { 'List-Unsubscribe': `<${waysOut.unsubscribe}>` }),
    ...(waysOut?.unsubscribe.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  };
}

export type ToQueue = { to: Recipient; letter: Letter };

/** Queues each mail to its mailbox, as its reader wants it. Called by `change.mail` and `change.mailEach`. */
export async function queueMails(tx: Transaction, now: Date, mails: readonly ToQueue[]): Promise<void> {
  const wishOf = await loadWishesOf(tx, now, mails);
  const atOnce: Prisma.MailCreateManyInput[] = [];
  const daily: Prisma.DigestItemCreateManyInput[] = [];
  for (const mail of mails) {
    const { to, letter } = mail;
    const wish = wishOf(mail);
    if (wish.delivery === 'at-once') atOnce.push(mailOf(now, wish.from, to, letter));
    if (wish.delivery === 'daily' && to.person !== undefined) daily.push(lineOf(now, to.person, letter));
  }
  if (atOnce.length > 0) await tx.mail.createMany({ data: atOnce });
  if (daily.length > 0) await tx.digestItem.createMany({ data: daily });
}

/** The wishes of all readers; looked up once for all mails about the same thing. Who has no account cannot have chosen anything. */
async function loadWishesOf(tx: Transaction, now: Date, mails: readonly ToQueue[]): Promise<(mail: ToQueue) => Wish> {
  const aboutOf = ({ letter }: ToQueue) => ({
    ...{ event: letter.event, project: letter.project ?? null, draft: draftOf(letter) },
  });
  const people = mails.flatMap(({ to }) => to.person ?? []);
  const wishes = new Map<string, (person: AccountName) => Wish>();
  for (const mail of mails) {
    const about = aboutOf(mail);
    const key = JSON.stringify(about);
    if (!wishes.has(key)) wishes.set(key, await loadWishes(tx, now, people, about));
  }
  const atOnce: Wish = { delivery: 'at-once', from: now };
  return (mail) =>
    mail.to.person === undefined ? atOnce : (wishes.get(JSON.stringify(aboutOf(mail)))?.(mail.to.person) ?? atOnce);
}

function mailOf(now: Date, from: Date, to: Recipient, letter: Letter): Prisma.MailCreateManyInput {
  const host = new URL(runtime().config.publicUrl).hostname;
  const id = randomUUID();
  const waysOut = waysOutOf(to, letter);
  return {
    id,
    toAddress: to.address,
    toPerson: to.person,
    projectName: letter.project,
    event: letter.event,
    subject: plain(letter.subject),
    ...compose(letter, waysOut),
    headers: headersOf(letter, host, waysOut),
    messageId: `<${id}@${host}>`,
    createdAt: now,
    nextAt: letter.notBefore && letter.notBefore > from ? letter.notBefore : from,
    uselessAt: letter.until,
  };
}

/**
 * Takes out the mails about one event of one thread that nobody has begun to send, because a newer one comes in their place; answers to whom they were.
 * Whoever delivers claims a mail in one statement, so each is either taken out here or sent.
 */
export async function takeBackUnsent(
  tx: Transaction,
  { event, thread }: { event: string; thread: string },
): Promise<AccountName[]> {
  const mails = await tx.mail.findMany({
    where: {
      ...{ event, sentAt: null, failedAt: null, claimedAt: null, toPerson: { not: null } },
      headers: { path: ['References'], equals: referenceOf(thread) },
    },
    select: { id: true, toPerson: true },
  });
  const people: AccountName[] = [];
  for (const { id, toPerson } of mails) {
    const { count } = await tx.mail.deleteMany({ where: { id, sentAt: null, claimedAt: null } });
    if (count === 1 && toPerson !== null) people.push(readAccountName(toPerson));
  }
  return people;
}

/** One line of the next daily mail. A link that opens something by itself is not kept here: the daily mail makes its own. */
function lineOf(now: Date, person: AccountName, letter: Letter): Prisma.DigestItemCreateManyInput {
  const links = letter.parts.flatMap((part) => ('link' in part ? [part.link] : []));
  const link = links.find((one) => !one.startsWith(linkTo('/d/')));
  return {
    ...{ id: randomUUID(), personName: person, projectName: letter.project, draftId: draftOf(letter) },
    ...{ event: letter.event, subject: plain(letter.subject), link, createdAt: now },
  };
}
