// What `queue`, `sign`, `decline`, `rebuilt` and `upload` say, word by word: exact outputs in tests/cli/golden. The index is an HTTP server that answers as the test
// says; that the real one answers so, and real gpg signs, is tested in tests/interop/command-line.test.ts.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readStatement, renderStatement } from '#lib/core/statement.ts';
import { declineCommand } from '../../cli/commands/decline.ts';
import type { CommandOutcome } from '../../cli/commands/inspect-distribution.ts';
import { queueCommand } from '../../cli/commands/queue.ts';
import { rebuiltCommand } from '../../cli/commands/rebuilt.ts';
import { signCommand } from '../../cli/commands/sign.ts';
import { uploadCommand } from '../../cli/commands/upload.ts';
import { readHome } from '../../cli/trust/home.ts';
import { expectGolden as expectStored } from '../support/golden.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-drafts-'));
const home = readHome({ COUNTERSIGN_HOME: folder });
const token = `csp_${'s'.repeat(43)}`;
const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const wheel = { name: 'sunrise-1.2.0-py3-none-any.whl', bytes: 'a wheel, as far as this index says' };
const statement = [
  '# countersign release statement 1',
  ...['index: sign.example.org', 'project: sunrise', 'version: 1.2.0', 'draft: 6f2c9d1e4b7a', 'revision: 3'].map(
    (line) => `# ${line}`,
  ),
  '# opened by: ada',
  `${sha256(wheel.bytes)}  ${wheel.name}`,
  '',
].join('\n');
const draft = {
  ...{ draft: '6f2c9d1e4b7a', project: 'sunrise', version: '1.2.0', revision: 3, state: 'draft', openedBy: 'ada' },
  ...{ deadline: '2026-12-22T09:00:00.000Z', counted: ['ada'], required: 2, declinedBy: [] as string[] },
  page: 'https://sign.example.org/drafts/6f2c9d1e4b7a',
};
const detail = {
  ...draft,
  statement: { name: 'sunrise-1.2.0.r3.SHA256SUMS', sha256: sha256(statement), size: statement.length },
  files: [{ name: wheel.name, size: wheel.bytes.length, sha256: sha256(wheel.bytes) }],
  reader: { name: 'bo', hasSigned: false, keys: [] as object[] },
};
const policy = {
  project: 'sunrise',
  version: 4,
  proposedBy: 'ada',
  page: 'https://sign.example.org/projects/sunrise/policy/4',
};
const refusal = (status: number, code: string, says: string) => ({ status, body: { code, detail: says } });

let answers: Record<string, unknown>;
const server = createServer((req, res) => {
  const answer =
    answers[`${req.method ?? ''} ${req.url?.replace('/api/v1/', '') ?? ''}`] ??
    refusal(404, 'draft.not-found', 'There is no such draft.');
  const { status, body } = isRefusal(answer) ? answer : { status: 200, body: answer };
  req.resume();
  res.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
});
const isRefusal = (answer: unknown): answer is ReturnType<typeof refusal> =>
  typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer;
let base: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  answers = {
    'GET queue': { person: 'bo', drafts: [draft], policies: [policy] },
    'GET projects/sunrise/releases/1.2.0': detail,
    'GET projects/sunrise/releases/1.2': detail,
    'GET drafts/6f2c9d1e4b7a': detail,
    'GET drafts/6f2c9d1e4b7a/SHA256SUMS': statement,
    [`GET drafts/6f2c9d1e4b7a/files/${wheel.name}`]: wheel.bytes,
    'POST drafts/6f2c9d1e4b7a/decline': { draft: draft.draft },
    'POST drafts/6f2c9d1e4b7a/rebuilds': { draft: draft.draft },
  };
});

const expectGolden = (name: string, outcome: CommandOutcome, said: readonly string[] = []): void =>
  expectStored(name, outcome, [[base, 'https://sign.example.org']], said);

type Way = { json?: boolean; answer?: boolean | null };
async function sign(what: string, { json = false, answer = true }: Way = {}) {
  const said: string[] = [];
  const ask = async ({ shows, asks }: { shows: readonly string[]; asks: string }): Promise<boolean> => {
    said.push(...shows, asks);
    return answer === true;
  };
  const tools = { home, token, ask: answer === null ? null : ask, tell: (line: string) => void said.push(line) };
  return { said, outcome: await signCommand(what, { index: base, json }, tools) };
}
const tools = { home, token, ask: null, tell: () => undefined };

it('the statement of this test is one', () => {
  const bytes = new TextEncoder().encode(statement);
  expect(renderStatement(readStatement(bytes))).toBe(statement);
});

it('queue says what waits, where, and how to go on', async () => {
  expectGolden('queue', await queueCommand({ index: base }, tools));
  expectGolden('queue-json', await queueCommand({ index: base, json: true }, tools));
  answers['GET queue'] = { person: 'bo', drafts: [], policies: [] };
  expectGolden('queue-empty', await queueCommand({ index: base }, tools));
});

it('sign shows everything before it asks, and a no is no', async () => {
  const { said, outcome } = await sign('Sunrise==v1.2', { answer: false });
  expectGolden('sign-asked-no', outcome, said);
});

it('sign by the id of a draft, with nobody at the terminal', async () => {
  const { said, outcome } = await sign('6f2c9d1e4b7a', { answer: null });
  expectGolden('sign-nobody', outcome, said);
});

it('sign without a key that counts', async () => {
  const { outcome } = await sign('6f2c9d1e4b7a');
  expectGolden('sign-no-key', outcome);
});

it('sign what was signed already', async () => {
  answers['GET drafts/6f2c9d1e4b7a'] = { ...detail, reader: { ...detail.reader, hasSigned: true } };
  expectGolden('sign-again', (await sign('6f2c9d1e4b7a')).outcome);
  expectGolden('sign-again-json', (await sign('6f2c9d1e4b7a', { json: true })).outcome);
});

it('sign where a file has other bytes than the statement says', async () => {
  answers[`GET drafts/6f2c9d1e4b7a/files/${wheel.name}`] = 'other bytes';
  expectGolden('sign-other-file', (await sign('6f2c9d1e4b7a')).outcome);
});

it('sign where a file has more bytes than the index said', async () => {
  answers[`GET drafts/6f2c9d1e4b7a/files/${wheel.name}`] = `${wheel.bytes}!`;
  const { outcome } = await sign('6f2c9d1e4b7a');
  expect(outcome).toMatchObject({ exit: 3, out: '' });
  expect(outcome.err).toContain('(index.too-large)');
});

it('decline says what was declined, and in which words the index does not take it', async () => {
  const wish = { index: base, reason: 'The changelog is missing.' };
  expectGolden('decline', await declineCommand('sunrise==1.2.0', wish, tools));
  answers['POST drafts/6f2c9d1e4b7a/decline'] = refusal(409, 'draft.already-declined', 'You declined it already.');
  expectGolden('decline-again', await declineCommand('sunrise==1.2.0', wish, tools));
  expectGolden('decline-again-json', await declineCommand('sunrise==1.2.0', { ...wish, json: true }, tools));
});

it('rebuilt says what the statement binds and what was got, and states both', async () => {
  const wish = { index: base, recipe: 'python -m build' };
  const own = path.join(folder, wheel.name);
  writeFileSync(own, wheel.bytes);
  expectGolden('rebuilt-same', await rebuiltCommand('sunrise==1.2.0', [own], wish, tools));
  writeFileSync(own, 'built on another day');
  expectGolden('rebuilt-otherwise', await rebuiltCommand('sunrise==1.2.0', [own], wish, tools));
  expectGolden('rebuilt-json', await rebuiltCommand('sunrise==1.2.0', [own], { ...wish, json: true }, tools));
  const other = path.join(folder, 'other-1.2.0.tar.gz');
  writeFileSync(other, 'x');
  expectGolden('rebuilt-other-file', await rebuiltCommand('sunrise==1.2.0', [other], wish, tools));
});

it('upload looks before it sends', async () => {
  const file = path.join(folder, wheel.name);
  writeFileSync(file, wheel.bytes);
  const outcome = await uploadCommand([file], { index: base }, tools);
  expect(outcome).toMatchObject({ exit: 1, out: '' });
  expect(outcome.err).toMatch(/\(distribution\.[a-z-]+\)\n$/);
});
