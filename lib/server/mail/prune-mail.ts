// Deletes the text of mails that are over: they hold links that somebody with a copy of the database could use. What is left says to whom, when and
// what about. What was given up keeps its text longer, so that it can be tried again.
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/** How many were emptied. */
export async function pruneMail(): Promise<number> {
  const { db, clock } = runtime();
  const now = clock.now();
  const { count } = await db.mail.updateMany({
    where: {
      prunedAt: null,
      OR: [
        { sentAt: { lte: after(now, -limits.mailTextKeptMs) } },
        { failedAt: { lte: after(now, -limits.failedMailTextKeptMs) } },
      ],
    },
    data: { text: '', html: '', attachments: [], headers: {}, prunedAt: now },
  });
  return count;
}
