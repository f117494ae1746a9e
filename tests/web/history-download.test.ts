// Timelines as JSON Lines over real HTTP: whole, in order, with the same rights and the same filter as the pages.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { historyRoute } from '#web/history-download.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeWorld, signDraft, type World } from '../support/story.ts';

type Entry = Record<string, unknown> & { id: string; sentence: string; kind: string };

let runtime: TestRuntime;
let world: World;
let draft: string;
let server: RouteServer;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  await makePerson('eve');
  ({ draft } = await makeDraft(world.ada, world.project));
  await signDraft(world.bo, draft);
  for (const name of ['ada', 'eve']) await openSession(name, name);
  server = await serveRoutes(historyRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const ask = (address: string, name?: string, method = 'GET') =>
  fetch(`${server.base}${address}`, { method, headers: name ? { cookie: `${sessionCookieName()}=${name}` } : {} });

async function entriesOf(address: string, name?: string): Promise<Entry[]> {
  const answer = await ask(address, name);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
}

describe('a timeline as a file', () => {
  it('has every field in every line, oldest first, with whole addresses', async () => {
    const entries = await entriesOf(`/drafts/${draft}/history.jsonl`, 'ada');
    expect(entries.map(({ sentence }) => sentence)).toEqual([
      'ada opened the draft (sunrise 1.2.0)',
      'bo signed revision 1 (sunrise 1.2.0)',
    ]);
    const fields = 'id at actor kind sentence way reason project release draft person evidence url'.split(' ');
    for (const entry of entries) expect(Object.keys(entry)).toEqual(fields);
    expect(entries[1]).toMatchObject({
      at: '2026-11-22T09:00:00.000Z',
      url: `https://sign.example.org/projects/sunrise/history/${entries[1]?.id}`,
      evidence: [
        { what: 'Statement of revision 1', url: `https://sign.example.org/drafts/${draft}/SHA256SUMS?revision=1` },
        { what: 'Signature' },
      ],
    });
  });

  it('is downloaded under its name, never shown, never cached, and has the same answer to HEAD', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await ask('/projects/sunrise/history.jsonl', undefined, method);
      expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
      expect(headers.get('content-disposition')).toBe('attachment; filename="sunrise-history.jsonl"');
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    }
  });

  it('of a project holds for visitors and strangers what is public, and nothing private', async () => {
    for (const name of [undefined, 'eve']) {
      const entries = await entriesOf('/projects/sunrise/history.jsonl', name);
      expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['project.created', 'policy.in-force']));
      expect(entries.every((entry) => entry['reason'] === null && entry['draft'] === null)).toBe(true);
      expect(JSON.stringify(entries)).not.toMatch(/[^/]@|1\.2\.0/);
    }
    expect((await entriesOf('/projects/sunrise/history.jsonl', 'ada')).length).toBeGreaterThan(8);
  });

  it('of a draft or an account is for its people alone', async () => {
    expect((await ask(`/drafts/${draft}/history.jsonl`, 'eve')).status).toBe(404);
    expect((await ask(`/drafts/${draft}/history.jsonl`)).status).toBe(401);
    expect((await ask('/drafts/0123456789ab/history.jsonl', 'ada')).status).toBe(404);
    expect((await ask('/account/history.jsonl')).status).toBe(401);
    expect((await ask('/projects/no-such/history.jsonl')).status).toBe(404);
    const own = await entriesOf('/account/history.jsonl', 'eve');
    expect(own.every(({ sentence }) => sentence.startsWith('eve '))).toBe(true);
  });

  it('takes the filter of the page, and refuses what is none', async () => {
    const rules = await entriesOf('/projects/sunrise/history.jsonl?kind=signatures&person=bo', 'ada');
    expect(rules.map(({ kind }) => kind)).toEqual(['signature.added']);
    expect((await ask('/projects/sunrise/history.jsonl?kind=everything', 'ada')).status).toBe(400);
  });

  it('of any length is whole: each entry once, in order', async () => {
    const entry = { at: runtime.clock.now(), actor: 'ada', personName: 'ada', kind: 'session.started', via: 'web' };
    await runtime.db.historyEntry.createMany({ data: Array.from({ length: 1203 }, () => ({ ...entry, details: {} })) });
    const ids = (await entriesOf('/account/history.jsonl?kind=account', 'ada')).map(({ id }) => Number(id));
    expect(ids).toHaveLength(1203);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it.each([
    '/projects/sunrise/history.json',
    '/history.jsonl',
    '/projects/../history.jsonl',
    '/projects/S/history.jsonl',
  ])('is at no other address: %s', async (address) => {
    expect((await ask(address)).status).toBe(299);
    expect((await ask('/account/history.jsonl', 'ada', 'POST')).status).toBe(299);
  });
});
