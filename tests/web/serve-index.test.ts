// The index tree over real HTTP, from a temporary folder: representations (PEP 503, PEP 691), caching, ranges, and what is refused.

import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveIndex } from '#web/serve-index.ts';

const sha256 = '77ab09'.padEnd(64, '0');
const filePath = `files/77/ab/${sha256}/flask_x-1.0-py3-none-any.whl`;
const html = `<!doctype html><title>flask-x</title>${'<a href="x">x</a>'.repeat(80)}`;
const tree: Record<string, string> = {
  'simple/index.html': '<!doctype html><title>Projects</title>',
  'simple/index.json': '{"projects":[]}',
  'simple/flask-x/index.html': html,
  'simple/flask-x/index.json': '{"name":"flask-x"}',
  [filePath]: '0123456789',
  [`${filePath}.asc`]: 'signature',
  [`${filePath}.metadata`]: 'Metadata-Version: 2.1',
  'evidence/flask-x/policy/1.json': '{}',
  'evidence/flask-x/releases/1.0/SHA256SUMS': '# countersign release statement 1',
  'keys/index.asc': 'key',
  [`simple/${sha256}.index.html`]: 'of then',
  [`simple/flask-x/${sha256}.index.json`]: '{"name":"of then"}',
  [`evidence/flask-x/${sha256}.releases.json`]: '{}',
  'evidence/flask-x/releases.json': '{}',
  [filePath.replace(/[^/]+$/, (name) => `${sha256}.${name}`)]: '0123456789',
  'tuf/1.root.json': '{}',
  'tuf/timestamp.json': '{}',
};

let root: string;
let server: Server;
let port: number;
let left = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'index-'));
  await put('secret.txt', 'outside');
  for (const [path, text] of Object.entries(tree)) await put(join('tree', path), text);
  await put('tree/simple/.hidden/index.html', 'hidden');
  const route = serveIndex(join(root, 'tree'));
  server = createServer((req, res) => {
    if (route(req, res) === false) {
      left += 1;
      res.writeHead(299).end('left to Next');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

type Answered = { status: number; headers: IncomingHttpHeaders; body: Buffer };

// node:http and not fetch: fetch would tidy up the very addresses under test.
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers, method }, (res) => {
      const pieces: Buffer[] = [];
      res.on('data', (piece: Buffer) => pieces.push(piece));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(pieces) }));
    });
    asked.on('error', reject).end();
  });
}

describe('which representation a client gets (PEP 691)', () => {
  const v1json = 'application/vnd.pypi.simple.v1+json';
  const v1html = 'application/vnd.pypi.simple.v1+html';
  const table: [string | undefined, string][] = [
    [undefined, 'text/html; charset=utf-8'],
    ['*/*', 'text/html; charset=utf-8'],
    ['text/html', 'text/html; charset=utf-8'],
    [v1json, v1json],
    [v1html, v1html],
    ['application/vnd.pypi.simple.latest+json', v1json],
    ['application/vnd.pypi.simple.latest+html', v1html],
    [`${v1json}, ${v1html};q=0.1, text/html;q=0.01`, v1json],
    [`${v1json};q=0.2, text/html;q=0.8`, 'text/html; charset=utf-8'],
    [`${v1json};q=0, */*;q=0.1`, 'text/html; charset=utf-8'],
    [`${v1json};q=none, text/*`, 'text/html; charset=utf-8'],
  ];
  it.each(table)('Accept %s is answered with %s', async (accept, contentType) => {
    const answer = await ask('/simple/flask-x/', accept === undefined ? {} : { accept });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, contentType]);
    expect(answer.headers.vary).toBe('Accept, Accept-Encoding');
    expect(answer.body.toString()).toBe(contentType === v1json ? '{"name":"flask-x"}' : html);
  });

  it('refuses with 406 a client that takes none of our representations', async () => {
    expect((await ask('/simple/', { accept: 'image/png' })).status).toBe(406);
  });
});

describe('addresses (PEP 503)', () => {
  const moved: [string, string][] = [
    ['/simple', '/simple/'],
    ['/simple/flask-x', '/simple/flask-x/'],
    ['/simple/Flask_._X/', '/simple/flask-x/'],
    ['/simple/FLASK.x?a=b', '/simple/flask-x/'],
  ];
  it.each(moved)('%s moves to %s', async (path, location) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.location]).toEqual([301, location]);
  });

  const nowhere = [
    '/simple/absent/',
    '/simple/../../secret.txt',
    '/simple/..%2f..%2fsecret.txt',
    '/files/../../secret.txt',
    '/keys/..%5csecret.txt',
    '/keys/%2e%2e/%2e%2e/secret.txt',
    '/keys/index.asc%00',
    '/keys/%zz',
    '/simple/.hidden/',
    '/keys/',
    '/evidence/flask-x/releases',
    `/files/00/ab/${sha256}/flask_x-1.0-py3-none-any.whl`,
    `/simple/${'a'.repeat(300)}/`,
  ];
  it.each(nowhere)('%s is nowhere, and nothing outside the tree is told', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain('outside');
  });

  it('leaves every other address to Next', async () => {
    // `/log` is the page of the log for people; the log itself is below it.
    const others = ['/', '/simpleton', '/projects/simple/', '//simple/', '/%73imple/', '/log', '/log?before=7'];
    for (const path of others) expect((await ask(path)).status).toBe(299);
    expect(left).toBe(others.length);
    for (const path of ['/log/', '/log/checkpoint', '/tuf', '/keys?x']) expect((await ask(path)).status).not.toBe(299);
  });

  it('is read-only', async () => {
    const answer = await ask('/simple/', {}, 'POST');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('caching', () => {
  it('answers 304 to a client that has the page, and with the new page once it was replaced', async () => {
    await put('tree/simple/changing/index.html', 'first');
    const first = await ask('/simple/changing/');
    const tag = first.headers.etag ?? '';
    expect((await ask('/simple/changing/', { 'if-none-match': tag })).status).toBe(304);
    expect((await ask('/simple/changing/', { 'if-none-match': `"other", W/${tag}` })).status).toBe(304);
    await put('tree/simple/changing/new', 'later');
    await rename(join(root, 'tree/simple/changing/new'), join(root, 'tree/simple/changing/index.html'));
    const second = await ask('/simple/changing/', { 'if-none-match': tag });
    expect([second.status, second.body.toString()]).toEqual([200, 'later']);
    expect(second.headers.etag).not.toBe(tag);
  });

  it('has an entity tag of its own for the gzipped page, which unpacks to the same bytes', async () => {
    const plain = await ask('/simple/flask-x/');
    const packed = await ask('/simple/flask-x/', { 'accept-encoding': 'gzip, deflate' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toBe(html);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    expect(
      (await ask('/simple/flask-x/', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
    ).toBeUndefined();
  });

  it('lets pages be kept only with asking again, files and numbered documents for ever', async () => {
    const kept = async (path: string) => (await ask(path)).headers['cache-control'];
    expect(await kept('/simple/flask-x/')).toBe('public, max-age=0, must-revalidate');
    expect(await kept(`/${filePath}`)).toContain('immutable');
    expect(await kept(`/${filePath}.metadata`)).toContain('immutable');
    expect(await kept('/evidence/flask-x/policy/1.json')).toContain('immutable');
    expect(await kept(`/${filePath}.asc`)).not.toContain('immutable');
    // TUF: numbered metadata, and targets under their second name; the timestamp is the one that is always asked for.
    expect(await kept('/tuf/1.root.json')).toContain('immutable');
    expect(await kept('/tuf/timestamp.json')).not.toContain('immutable');
    expect(await kept(`/evidence/flask-x/${sha256}.releases.json`)).toContain('immutable');
    expect(await kept('/evidence/flask-x/releases.json')).not.toContain('immutable');
    expect(await kept(`/simple/flask-x/${sha256}.index.json`)).toContain('immutable');
    expect(await kept(`/simple/${sha256}.index.html`)).toContain('immutable');
    expect(await kept(`/${filePath.replace(/[^/]+$/, (name) => `${sha256}.${name}`)}`)).toContain('immutable');
  });

  it('answers HEAD with the length and no body', async () => {
    const answer = await ask('/simple/flask-x/', {}, 'HEAD');
    expect([answer.headers['content-length'], answer.body.length]).toEqual([String(html.length), 0]);
  });
});

describe('files', () => {
  const ranges: [string, number, string, string | undefined][] = [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['bytes=3-1', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ];
  it.each(ranges)('Range %s is answered %i', async (range, status, body, contentRange) => {
    const answer = await ask(`/${filePath}`, { range });
    expect([answer.status, answer.body.toString(), answer.headers['content-range']]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('starts anew when the range is of another version', async () => {
    const answer = await ask(`/${filePath}`, { range: 'bytes=4-', 'if-range': '"another"' });
    expect([answer.status, answer.body.toString()]).toEqual([200, '0123456789']);
  });

  it('carry their digest as entity tag, are offered as attachment and are never encoded', async () => {
    const answer = await ask(`/${filePath}`, { 'accept-encoding': 'gzip' });
    expect(answer.headers).toMatchObject({
      etag: `"${sha256}"`,
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="flask_x-1.0-py3-none-any.whl"',
      'content-length': '10',
    });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect((await ask(`/${filePath}`, { 'if-none-match': `"${sha256}"` })).status).toBe(304);
  });
});

it('no answer of the index, refusals included, may run script, be framed into a page of ours or be sniffed', async () => {
  for (const path of ['/simple/', `/${filePath}`, '/keys/index.asc', '/simple/absent/', '/simple']) {
    const { headers } = await ask(path);
    expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

it('says 503 and never an empty list while the tree is not in place', async () => {
  await rename(join(root, 'tree'), join(root, 'away'));
  try {
    for (const path of ['/simple/', '/simple/flask-x/', `/${filePath}`, '/keys/index.asc']) {
      const answer = await ask(path);
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '30']);
    }
  } finally {
    await rename(join(root, 'away'), join(root, 'tree'));
  }
  expect((await ask('/simple/flask-x/')).status).toBe(200);
});
