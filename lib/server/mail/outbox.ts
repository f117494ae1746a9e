// Queues mail as rows in the transaction of the change, so that a mail exists if and only if what it tells is committed, and if its reader
// wants it: at once, in the daily mail, or not at all (wants-mail.ts). The Message-ID is made here, once: a mail that has to be sent again
// after a crash is recognised as the same. Header values are ours or checked names; what could carry a line break is made plain.
import { randomUUID } from 'node:crypto';
import type { AccountName } from '#lib/core/ids.ts';
import { topicOf } from '#lib/core/mail-topics.ts';
import type { JsonObject, Transaction } from '#lib/server/db/transaction.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { MailAddress } from './address.ts';
import { compose, plain, type Letter, type WaysOut } from './compose.ts';
import { linkTo } from './link.ts';
import { unsubscribeLink } from './unsubscribe-link.ts';
import { wantsMail } from './wants-mail.ts';

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

/** Headers for threading, lists and robots (RFC 2919, RFC 3834, RFC 5322 3.6.4), and the way out (RFC 2369, RFC 8058: https only). */
function headersOf(letter: Letter, host: string, waysOut: WaysOut | null): JsonObject {
  const thread = letter.thread ? `<${letter.thread}@${host}>` : null;
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

/** Queues one mail to one mailbox, as its reader wants it. Called by `change.mail`. */
export async function queueMail(tx: Transaction, now: Date, to: Recipient, letter: Letter): Promise<void> {
  const about = { event: letter.event, project: letter.project ?? null, draft: draftOf(letter) };
  if (to.person === undefined) return putIn(tx, now, now, to, letter);
  const wish = await wantsMail(tx, now, to.person, about);
  if (wish.delivery === 'at-once') await putIn(tx, now, wish.from, to, letter);
  if (wish.delivery === 'daily') await keepForDaily(tx, now, to.person, letter);
}

async function putIn(tx: Transaction, now: Date, from: Date, to: Recipient, letter: Letter): Promise<void> {
  const host = new URL(runtime().config.publicUrl).hostname;
  const id = randomUUID();
  const waysOut = waysOutOf(to, letter);
  await tx.mail.create({
    data: {
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
      nextAt: from,
      uselessAt: letter.until,
    },
  });
}

/** One line of the next daily mail. A link that opens something by itself is not kept here: the daily mail makes its own. */
async function keepForDaily(tx: Transaction, now: Date, person: AccountName, letter: Letter): Promise<void> {
  const links = letter.parts.flatMap((part) => ('link' in part ? [part.link] : []));
  const link = links.find((one) => !one.startsWith(linkTo('/d/')));
  await tx.digestItem.create({
    data: {
      ...{ id: randomUUID(), personName: person, projectName: letter.project, draftId: draftOf(letter) },
      ...{ event: letter.event, subject: plain(letter.subject), link, createdAt: now },
    },
  });
}
