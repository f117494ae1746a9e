// A request that is sent again is answered with the first answer (draft-ietf-httpapi-idempotency-key-header): the key is bound to the token and to what
// was sent, for a day, in the database, so that another web program knows it too. The change itself marks the row in its own transaction: what
// was committed is never carried out twice, also when the program died before its answer was kept. A refusal that changed nothing frees the key.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { after } from './clock.ts';
import { orTaken } from './db/faults.ts';
import type { Transaction } from './db/transaction.ts';
import { limits } from './limits.ts';
import { runtime } from './runtime.ts';

type Claim = { keyHash: string; claim: string };
type Kept = { status: number; answer: string };

const claims = new AsyncLocalStorage<Claim | null>();

/** What a header says (hostile): the key, with or without quotes. Refuses `api.key-unreadable`. */
export function readIdempotencyKey(header: string): string {
  const key = /^"?([\x21\x23-\x7e]{1,200})"?$/.exec(header.trim())?.[1];
  if (key === undefined) throw refuse('api.key-unreadable', {});
  return key;
}

/**
 * Carries out `work` once for this key, and answers what it answered.
 * `print`: what was sent, in one spelling. Refuses as `work` does, `api.key-of-another`, `api.still-running`, `api.answer-lost`.
 */
export async function answerOnce(
  { token, key, print }: { token: string; key: string; print: string },
  work: () => Promise<Kept>,
): Promise<Kept & { isReplayed: boolean }> {
  const requestSha256 = sha256Hex(print);
  const taken = await take(sha256Hex(`${token}\0${key}`), requestSha256);
  if ('answer' in taken) return { ...taken, isReplayed: true };
  await runtime().hold?.('idempotency.taken');
  try {
    const kept = await claims.run(taken, work);
    await keep(taken, kept);
    return { ...kept, isReplayed: false };
  } catch (fault) {
    if (isRefusal(fault)) await free(taken);
    throw fault;
  }
}

/** The key for this request; or the answer that it was given. */
async function take(keyHash: string, requestSha256: string): Promise<Claim | Kept> {
  const { db, clock } = runtime();
  const now = clock.now();
  const claim = randomUUID();
  await db.idempotentRequest.deleteMany({ where: { keyHash, createdAt: { lt: after(now, -limits.idempotencyMs) } } });
  const row = await db.idempotentRequest.findUnique({ where: { keyHash } });
  const running = () => refuse('api.still-running', {});
  if (row === null) {
    const data = { keyHash, requestSha256, state: 'running', claim, claimedAt: now, createdAt: now };
    await orTaken(db.idempotentRequest.create({ data }), running);
    return { keyHash, claim };
  }
  if (row.requestSha256 !== requestSha256) throw refuse('api.key-of-another', {});
  if (row.status !== null && row.answer !== null) return { status: row.status, answer: row.answer };
  if (row.claimedAt > after(now, -limits.idempotencyClaimMs)) throw running();
  if (row.state === 'changed') throw refuse('api.answer-lost', {});
  // Whoever held it died before anything was committed. Only one of those who see that goes on.
  const where = { keyHash, claim: row.claim, state: 'running' };
  const { count } = await db.idempotentRequest.updateMany({ where, data: { claim, claimedAt: now } });
  if (count === 0) throw running();
  return { keyHash, claim };
}

/** For change(): commits with it that the request was carried out. Refuses `api.still-running` where the key went to somebody else. */
export async function noteCarriedOut(tx: Transaction): Promise<void> {
  const claim = claims.getStore();
  if (!claim) return;
  const { count } = await tx.idempotentRequest.updateMany({ where: claim, data: { state: 'changed' } });
  if (count === 0) throw refuse('api.still-running', {});
}

/** For what is written of a refused request: it is no change that the key stands for. */
export const besideRequest = <T>(work: () => Promise<T>): Promise<T> => claims.run(null, work);

async function keep(claim: Claim, { status, answer }: Kept): Promise<void> {
  await runtime().db.idempotentRequest.updateMany({ where: claim, data: { state: 'answered', status, answer } });
}

/** Nothing was changed: the key may be used again. */
async function free(claim: Claim): Promise<void> {
  await runtime().db.idempotentRequest.deleteMany({ where: { ...claim, state: 'running' } });
}
