// What happens at every address for programs, in this order: the token's scopes, the question in the address, the door's own look before a body is
// read, the body, and the command or query, once where an Idempotency-Key asks for that. Who asks was found before; each command asks again, by
// rows of that moment.
import type { IncomingMessage } from 'node:http';
import { requireScope } from '#lib/core/people.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { answerOnce, readIdempotencyKey } from '#lib/server/idempotency.ts';
import { inStep } from '#lib/server/in-rounds.ts';
import { requireLiveToken, type TokenActor } from '#lib/server/judge/token.ts';
import { runtime } from '#lib/server/runtime.ts';
import { isReading, takesKey, type Answered, type Asked, type Door } from './door.ts';
import { readShape } from './read-shape.ts';

type Request = { req: IncomingMessage; actor: TokenActor; names: Readonly<Record<string, string>> };

/** Refuses `token.not-for-this`, `api.…`, and as the row's command or query does. */
export function answerDoor(door: Door, request: Request): Promise<Answered> {
  if (door.scopes.length > 0) requireScope(request.actor.scopes, door.scopes);
  const work = () => workAt(door, request);
  return isReading(door) ? work() : keepingRefusedChange(work);
}

async function workAt(door: Door, { req, actor, names }: Request): Promise<Answered> {
  const query = door.query && readShape(door.query, readQuery(req.url ?? '/'), 'the address');
  const asked: Asked = { req, actor, names, query, body: undefined, ifMatch: req.headers['if-match'] };
  await inStep(async () => door.admit?.(asked));
  const whole = { ...asked, body: await door.body?.read(req) };
  // The body took its time: a token that was revoked meanwhile is dead.
  if (door.body !== undefined) await inStep(() => requireLiveToken(runtime().db, actor));
  const print = door.body === undefined ? '' : door.body.print(whole.body);
  const header = req.headers['idempotency-key'];
  if (header === undefined || !takesKey(door)) return door.answer(whole);
  const sent = JSON.stringify([door.method, req.url, asked.ifMatch, print]);
  return once(door, whole, { token: `${actor.of} ${actor.id}`, key: readIdempotencyKey(String(header)), print: sent });
}

async function once(door: Door, asked: Asked, bound: Parameters<typeof answerOnce>[0]): Promise<Answered> {
  const kept = await answerOnce(bound, async () => {
    const answered = await door.answer(asked);
    if (!('json' in answered)) throw new Error('A POST answers JSON; its answer could not be kept.');
    return { status: answered.status ?? 200, answer: JSON.stringify(answered.json) };
  });
  const answered = { status: kept.status, json: JSON.parse(kept.answer) as object };
  return kept.isReplayed ? { ...answered, headers: { 'Idempotency-Replayed': 'true' } } : answered;
}

/** The last value of a name that comes twice. */
const readQuery = (url: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? ''));
