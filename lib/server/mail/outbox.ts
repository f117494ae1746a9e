// Queues mail as rows in the transaction of the change, so that a mail exists if and only if what it tells is committed.
// The Message-ID is made here, once: a mail that has to be sent again after a crash is recognised as the same.
// Header values are ours or checked names; what could carry a line break is made plain.
import { randomUUID } from 'node:crypto';
import type { AccountName } from '#lib/core/ids.ts';
import type { JsonObject, Transaction } from '#lib/server/db/transaction.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { MailAddress } from './address.ts';
import { compose, plain, type Letter } from './compose.ts';

export type Recipient = { address: MailAddress; person?: AccountName };

/** Headers for threading, lists and robots (RFC 2919, RFC 3834, RFC 5322 3.6.4). */
function headersOf(letter: Letter, host: string): JsonObject {
  const thread = letter.thread ? `<${letter.thread}@${host}>` : null;
  return {
    'Auto-Submitted': 'auto-generated',
    'X-Countersign-Event': letter.event,
    'X-Countersign-Reason': plain(letter.reason),
    ...(letter.project && { 'List-Id': `${letter.project} <${letter.project}.${host}>` }),
    ...(thread && { References: thread, 'In-Reply-To': thread }),
  };
}

/** Queues one mail to one mailbox. Called by `change.mail`. */
export async function queueMail(tx: Transaction, now: Date, to: Recipient, letter: Letter): Promise<void> {
  const host = new URL(runtime().config.publicUrl).hostname;
  const id = randomUUID();
  await tx.mail.create({
    data: {
      id,
      toAddress: to.address,
      toPerson: to.person,
      event: letter.event,
      subject: plain(letter.subject),
      ...compose(letter),
      headers: headersOf(letter, host),
      messageId: `<${id}@${host}>`,
      createdAt: now,
      nextAt: now,
    },
  });
}
