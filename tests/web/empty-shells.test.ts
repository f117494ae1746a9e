// A page that threw comes from Next as an empty shell; people get the plain page for it, rendered on the server, with the same status.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { replaceEmptyShells } from '#web/empty-shells.ts';

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))));

/** Stands in for Next: `/gone` and `/broken` are shells, `/nothing-here` and `/trouble` the pages in their place. */
function answer(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('X-From', req.url ?? '');
  res.setHeader('Content-Type', 'text/html');
  const status = { '/gone': 404, '/nothing-here': 404, '/broken': 500 }[req.url ?? ''] ?? 200;
  res.statusCode = status;
  res.flushHeaders();
  res.write(`page ${req.url} `);
  res.end(`for ${req.headers.cookie ?? 'nobody'}`);
}

async function start(work: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> {
  const server = createServer((req, res) => {
    replaceEmptyShells(req, res);
    work(req, res);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(address, { method, headers: { accept: 'text/html', ...headers } });

test('an empty shell is replaced by the page for it, with its status, its headers and the person who asked', async () => {
  const base = await start(answer);
  const gone = await ask(`${base}/gone`, { cookie: 'session=ada' });
  expect([gone.status, gone.headers.get('x-from'), await gone.text()]).toEqual([
    ...[404, '/nothing-here', 'page /nothing-here for session=ada'],
  ]);
  const broken = await ask(`${base}/broken`);
  expect([broken.status, await broken.text()]).toEqual([500, 'page /trouble for nobody']);
});

test('every other answer passes untouched', async () => {
  const base = await start(answer);
  expect(await (await ask(`${base}/fine`)).text()).toBe('page /fine for nobody');
  expect(await (await ask(`${base}/gone`, { rsc: '1' })).text()).toBe('page /gone for nobody');
  expect(await (await ask(`${base}/gone`, { accept: 'application/json' })).text()).toBe('page /gone for nobody');
  expect(await (await ask(`${base}/gone`, {}, 'POST')).text()).toBe('page /gone for nobody');
});

test('a shell that was about to be sent compressed leaves no trace in the answer', async () => {
  const base = await start((req, res) => {
    const isShell = req.url === '/gone';
    res.writeHead(404, { 'Content-Type': 'text/html', 'Content-Encoding': isShell ? 'br' : 'gzip' });
    res.end(isShell ? 'not brotli at all' : gzipSync('the plain page'));
  });
  const raw = await ask(`${base}/gone`, { 'accept-encoding': 'gzip' });
  expect([raw.status, await raw.text()]).toEqual([404, 'the plain page']);
});
