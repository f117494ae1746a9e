// For jobs: what opens nothing any more and what nobody reads again goes: links of mails, tokens, sessions, answers to idempotency keys, rate
// limits whose window is over, and the bytes of hand-backs that are in place. Each is over by its own time long before, so nothing that works stops working, and doing it twice, or in two processes, is the same.
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { forgetRates } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Only the jobs program calls it: it has no actor but `jobs`. Writes no history: nothing that anybody did is undone. */
export async function forgetEnded(): Promise<void> {
  const { db, clock } = runtime();
  const now = clock.now();
  const long = after(now, -limits.endedLinksKeptMs);
  await db.signInLink.deleteMany({ where: { expiresAt: { lt: long } } });
  await db.personalLink.deleteMany({ where: { expiresAt: { lt: long } } });
  await db.personToken.deleteMany({ where: { expiresAt: { lt: long } } });
  await db.projectToken.deleteMany({ where: { expiresAt: { lt: long } } });
  await db.session.deleteMany({ where: { expiresAt: { lt: now } } });
  await db.idempotentRequest.deleteMany({ where: { createdAt: { lt: after(now, -limits.idempotencyMs) } } });
  await forgetRates(now);
  await forgetHandbacks(after(now, -limits.handbackBytesKeptMs));
}

/** The tree has what was in it. Its row stays, with its digest, and the newest keeps its bytes: the next one must follow it. */
async function forgetHandbacks(placedBefore: Date): Promise<void> {
  const { db } = runtime();
  const newest = await db.handback.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
  if (newest === null) return;
  await db.handback.updateMany({
    where: { state: 'placed', placedAt: { lt: placedBefore }, id: { lt: newest.id }, NOT: { bytes: new Uint8Array() } },
    data: { bytes: new Uint8Array() },
  });
}
