// Requests that are sent again, over real HTTP (threats.md, 41): what happens once, what is answered, and what a crash between the change and its
// answer leaves behind.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { forgetEnded } from '#lib/server/commands/forget-ended.ts';
import { limits } from '#lib/server/limits.ts';
import { apiRoute } from '#web/api.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWheel, makeWorld, type World } from '../support/story.ts';

let runtime: TestRuntime;
let server: RouteServer;
let team: World;
let token: string;
let draft: string;
let count = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  server = await serveRoutes(apiRoute);
  ({ token } = await makePersonToken(team.bo.actor, {
    ...{ name: 'x', scopes: ['sign', 'upload'], project: '', days: '30' },
  }));
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});
beforeEach(async () => {
  ({ draft } = await makeDraft(team.ada, team.project, `7.${(count += 1)}`));
});

const post = (path: string, key: string, body: FormData | string) =>
  fetch(`${server.base}/api/v1/${path}`, {
    ...{ method: 'POST', body },
    headers: {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': key },
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    },
  });
const decline = (key: string, reason = 'Not yet.') => post(`drafts/${draft}/decline`, key, JSON.stringify({ reason }));
const codeOf = async (answer: Response): Promise<string> =>
  `${answer.status} ${((await answer.json()) as { code?: string }).code ?? ''}`.trim();
const declines = () => runtime.db.decline.count({ where: { draftId: draft } });

describe('a request that is sent again with its key', () => {
  it('is answered with the first answer, byte for byte, and nothing happens a second time', async () => {
    const first = await decline('"once"');
    const again = await decline('once');
    expect([first.status, await again.text()]).toEqual([again.status, await first.text()]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await declines()).toBe(1);
    // Without the key it is a second wish.
    expect(await codeOf(await post(`drafts/${draft}/decline`, 'other', '{"reason":"Not yet."}'))).toMatch(/^4/);
  });

  it('is the same when only its spelling differs: a form with files has another boundary each time', async () => {
    const { name, bytes } = makeWheel(team.project, `8.${count}`);
    const form = (): FormData => {
      const made = new FormData();
      made.append('sha256', `${createHash('sha256').update(bytes).digest('hex')}  ${name}`);
      made.append('file', new Blob([new Uint8Array(bytes)]), name);
      return made;
    };
    const answers = [await post(`projects/${team.project}/drafts`, 'files', form())];
    answers.push(await post(`projects/${team.project}/drafts`, 'files', form()));
    const ids = await Promise.all(answers.map(async (one) => ((await one.json()) as { draft: string }).draft));
    expect([answers.map(({ status }) => status), new Set(ids).size]).toEqual([[201, 201], 1]);
  });

  it('is refused when it asks for something else, and nothing is changed', async () => {
    await decline('mine');
    const before = await declines();
    expect(await codeOf(await decline('mine', 'Another reason.'))).toBe('422 api.key-of-another');
    expect(await declines()).toBe(before);
    expect(await codeOf(await decline('x'.repeat(201)))).toBe('400 api.key-unreadable');
  });

  it('is told to wait while the first one runs', async () => {
    let reached!: () => void;
    let goOn!: () => void;
    const isThere = new Promise<void>((resolve) => (reached = resolve));
    const released = new Promise<void>((resolve) => (goOn = resolve));
    runtime.hold = async (point) => {
      if (point !== 'idempotency.taken') return;
      runtime.hold = undefined;
      reached();
      await released;
    };
    const first = decline('together');
    await isThere;
    expect(await codeOf(await decline('together'))).toBe('409 api.still-running');
    goOn();
    expect((await first).status).toBe(200);
    expect(await declines()).toBe(1);
  });

  it('may be corrected where it was refused and nothing had changed', async () => {
    expect(await codeOf(await decline('again', ''))).toMatch(/^4/);
    expect((await decline('again')).status).toBe(200);
  });
});

describe('when the program died', () => {
  const row = { where: { state: { not: 'answered' } } };
  const age = (state: string) =>
    runtime.db.idempotentRequest.updateMany({
      where: { state: 'answered' },
      data: {
        state,
        status: null,
        answer: null,
        claimedAt: new Date(runtime.clock.now().getTime() - limits.idempotencyClaimMs - 1),
      },
    });

  it('before the change, the request is carried out by whoever asks again', async () => {
    await runtime.db.idempotentRequest.deleteMany();
    await decline('before');
    await runtime.db.decline.deleteMany({ where: { draftId: draft } });
    await age('running');
    expect((await decline('before')).status).toBe(200);
    expect(await declines()).toBe(1);
  });

  it('after the change and before its answer was kept, it is not carried out again, and that is said', async () => {
    await runtime.db.idempotentRequest.deleteMany();
    await decline('after');
    await age('changed');
    expect(await codeOf(await decline('after'))).toBe('409 api.answer-lost');
    expect([await declines(), await runtime.db.idempotentRequest.count(row)]).toEqual([1, 1]);
  });
});

it('an answer is kept for a day, and no longer', async () => {
  await runtime.db.idempotentRequest.deleteMany();
  await decline('day');
  runtime.setTime(new Date(runtime.clock.now().getTime() + limits.idempotencyMs - 1000).toISOString());
  await forgetEnded();
  expect(await runtime.db.idempotentRequest.count()).toBe(1);
  runtime.setTime(new Date(runtime.clock.now().getTime() + 2000).toISOString());
  await forgetEnded();
  expect(await runtime.db.idempotentRequest.count()).toBe(0);
});
