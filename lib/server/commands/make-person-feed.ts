// The secret address of a person's own feed: made (another one ends with it), and ended. Only its hash is stored, so it is shown once. Whoever has
// the address reads which drafts wait for the person and can do nothing.
import { refuse } from '#lib/core/errors.ts';
import { requireFresh, requireOwn, type Actor } from '#lib/core/people.ts';
import { change, viaOf } from '#lib/server/change.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

/** The path at which a feed program asks. */
const feedPath = (token: string): string => `/feeds/${token}.atom`;

/** @throws `person.sign-in-first`, `session.not-fresh` */
export async function makePersonFeed(actor: Actor): Promise<{ path: string }> {
  const personName = requireFresh(actor, runtime().clock.now().getTime());
  return change(actor, 'web', async ({ tx, now, record }) => {
    const token = makeToken();
    const row = { tokenHash: hashToken(token), createdAt: now };
    await tx.personFeed.upsert({ where: { personName }, create: { personName, ...row }, update: row });
    await record('feed.made', { person: personName });
    return { path: feedPath(token) };
  });
}

/** @throws `person.sign-in-first`, `feed.not-found` */
export async function endPersonFeed(actor: Actor): Promise<void> {
  const personName = requireOwn(actor, 'account');
  await change(actor, viaOf(actor), async ({ tx, record }) => {
    const ended = await tx.personFeed.deleteMany({ where: { personName } });
    if (ended.count === 0) throw refuse('feed.not-found', {});
    await record('feed.ended', { person: personName });
  });
}
