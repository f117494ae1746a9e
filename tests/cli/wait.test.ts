// `countersign wait`: its exit code says what became of the draft. The index is a real HTTP server here that answers as the test says; that the real
// one answers so is tested in tests/web/status.test.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitCommand, type WaitOptions } from '../../cli/commands/wait.ts';
import { readHome } from '../../cli/trust/home.ts';

type Asked = { url: URL; authorization: string | undefined };

const status = {
  ...{ index: 'sign.example.org', project: 'sunrise', version: '1.2.0', draft: '6f2c9d1e4b7a', state: 'draft' },
  ...{ outcome: 'waiting', revision: 1, required: 2, counted: ['ada'], missing: 1, couldStillSign: ['bo'] },
  ...{ declinedBy: [] as string[], waitsUntil: null, page: 'https://sign.example.org/drafts/6f2c9d1e4b7a', mark: 'm1' },
};
const published = { ...status, state: 'published', outcome: 'published', counted: ['ada', 'bo'], mark: 'm2' };

const secret = `cst_${'s'.repeat(43)}`;
/** Nothing is kept there. */
const home = readHome({ COUNTERSIGN_HOME: path.join(tmpdir(), 'countersign-nothing-kept-here') });
let asked: Asked[] = [];
let answers: ((res: ServerResponse) => void)[] = [];
let base: string;

const json = (body: unknown) => (res: ServerResponse) => void res.writeHead(200).end(JSON.stringify(body));
const code =
  (number: number, headers = {}) =>
  (res: ServerResponse) =>
    void res.writeHead(number, headers).end();

const server = createServer((req: IncomingMessage, res) => {
  asked.push({ url: new URL(req.url ?? '/', base), authorization: req.headers.authorization });
  // The last answer is given as often as it is asked for.
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  answer?.(res);
});

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(
  () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
);
beforeEach(() => {
  asked = [];
});

async function wait(options: Partial<WaitOptions> = {}, token: string | undefined = secret) {
  const told: string[] = [];
  const wished = { nameAndVersion: 'Sunrise==v1.2.0', index: `${base}/simple/`, ...options };
  const outcome = await waitCommand(wished, {
    token,
    home,
    clock: () => performance.now(),
    tell: (line) => told.push(line),
  });
  return { ...outcome, told };
}

describe('countersign wait', () => {
  it('asks with the token in a header, first how it stands and then until something is other, and ends with 0 when it is published', async () => {
    answers = [json(status), json(published)];
    const { exit, out, err, told } = await wait();
    expect({ exit, out, err }).toEqual({ exit: 0, out: 'sunrise 1.2.0: published\n', err: '' });
    expect(told).toEqual(['sunrise 1.2.0: 1 of 2 have signed (ada)', 'sunrise 1.2.0: published']);
    const [first, second] = asked;
    expect(first?.url.pathname).toBe('/projects/sunrise/releases/1.2.0/status.json');
    expect(first?.url.search).toBe('?wait=0');
    expect(second?.url.searchParams.get('since')).toBe('m1');
    expect(Number(second?.url.searchParams.get('wait'))).toBeGreaterThan(30);
    expect(asked.map(({ authorization }) => authorization)).toEqual([`Bearer ${secret}`, `Bearer ${secret}`]);
  });

  it.each([
    ['declined', { declinedBy: ['bo'] }, 'declined by bo'],
    ['withdrawn', {}, 'withdrawn'],
    ['expired', {}, 'expired'],
    ['quarantined', {}, 'quarantined'],
  ])('ends with 1 when it is %s', async (outcome, more, says) => {
    answers = [json({ ...status, ...more, outcome })];
    expect(await wait()).toMatchObject({ exit: 1, out: '', err: `sunrise 1.2.0: ${says}\n` });
  });

  it('ends with 5 when the time is up, and says how it stands', async () => {
    answers = [json(status)];
    expect(await wait({ timeout: '0' })).toMatchObject({
      exit: 5,
      err: 'sunrise 1.2.0: 1 of 2 have signed (ada)\nStill waiting after 0 seconds.\n',
    });
  });

  it('prints the last answer as JSON, whatever it is', async () => {
    answers = [json(published)];
    const { exit, out } = await wait({ json: true });
    const { index: _index, couldStillSign: _could, ...known } = published;
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(known);
  });

  it.each([
    ['no token', {}, '', 'token.none'],
    ['a name that is none', { nameAndVersion: 'sunrise' }, secret, 'input.not-a'],
    ['a version that is none', { nameAndVersion: 'sunrise==one' }, secret, 'distribution.version'],
    ['a time that is none', { timeout: '-1' }, secret, 'input.not-a'],
    ['an address that is none', { index: 'ftp://x' }, secret, 'input.not-a'],
  ])('ends with 2 for %s, and asks nothing', async (_, options, token, refusal) => {
    const { exit, out } = await wait({ ...options, json: true }, token);
    expect([exit, (JSON.parse(out) as { refusal: { code: string } }).refusal.code]).toEqual([2, refusal]);
    expect(asked).toEqual([]);
  });

  it.each([
    [401, 2, 'wait.token-refused'],
    [404, 2, 'wait.no-draft'],
    [500, 3, 'verify.unreachable'],
  ])('after the status %i ends with %i', async (answered, exit, refusal) => {
    answers = [code(answered)];
    expect(await wait()).toMatchObject({ exit, err: expect.stringContaining(`(${refusal})`) as string });
    expect(asked).toHaveLength(1);
  });

  it('asks again where the index is away for a moment', async () => {
    answers = [code(503), json(published)];
    expect(await wait()).toMatchObject({ exit: 0 });
  });

  it('follows no redirect, so that the token goes nowhere else', async () => {
    answers = [code(302, { location: `${base}/elsewhere` })];
    expect(await wait({ timeout: '0' })).toMatchObject({ exit: 3 });
    expect(asked.map(({ url }) => url.pathname)).toEqual(['/projects/sunrise/releases/1.2.0/status.json']);
  });

  it.each([
    ['no JSON', (res: ServerResponse) => void res.writeHead(200).end('<html>')],
    ['an outcome that nobody knows', json({ ...status, outcome: 'fine' })],
    ['a list that is none', json({ ...status, counted: 'ada' })],
    ['more than it may be', (res: ServerResponse) => void res.writeHead(200).end(' '.repeat(300_000))],
  ])('takes %s for no answer', async (_, answer) => {
    answers = [answer];
    expect(await wait()).toMatchObject({ exit: 3 });
  });

  it('spells out what could move the cursor of a terminal', async () => {
    answers = [json({ ...status, outcome: 'declined', declinedBy: ['\u001B[2J\u202Ebo'] })];
    const { err, told } = await wait();
    expect(err + told.join()).not.toMatch(/[\u001B\u202E]/);
    expect(err).toContain('\\x1b[2J\\u{202e}bo');
  });
});
