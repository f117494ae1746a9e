// The simple API as a client meets it: a tree that the countersigner itself wrote, served over real HTTP. One test a fact, named after its PEP. How
// lib/simple renders made-up pages is in tests/simple; addresses, caching and ranges of any tree are in serve-index.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { serveIndex } from '#web/serve-index.ts';
import { metadataText } from '../support/archives.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { noon, sdistName, wheel, wheelName, type Scene } from '../support/scene.ts';
import { putTree } from '../support/served-tree.ts';
import { laterFiles, laterSdistName, laterWheelName, openTwoReleases, yankReason } from '../support/two-releases.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'simple-api-'));
const v1json = 'application/vnd.pypi.simple.v1+json';
// What pip and uv send.
const asPip = `${v1json}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`;
const asUv = `${v1json}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01`;

let scene: Scene;
let server: RouteServer;
let html = '';
type JsonFile = Record<string, unknown> & { filename: string; url: string; hashes: { sha256: string } };
let json: { meta: object; name: string; versions: string[]; files: JsonFile[]; [key: string]: unknown };

beforeAll(async () => {
  scene = await openTwoReleases();
  await putTree(scene, folder);
  server = await serveRoutes(serveIndex(folder));
  html = await (await get('/simple/demo/', 'text/html')).text();
  json = await (await get('/simple/demo/', asPip)).json();
});
afterAll(async () => {
  await server?.stop();
  scene?.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (address: string, accept = '*/*'): Promise<Response> =>
  fetch(new URL(address, server.base), { headers: { accept } });
const body = async (address: string): Promise<Buffer> => {
  const response = await get(address);
  expect(response.status, address).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};
/** Attributes of the anchor of a file, entities resolved. */
function anchorOf(name: string): Record<string, string> {
  const found = [...html.matchAll(/<a ([^>]*)>([^<]*)<\/a>/g)].filter(([, , text]) => text === name);
  expect(found).toHaveLength(1);
  const plain = (text: string) =>
    text.replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name as 'lt']);
  const pairs = [...(found[0]?.[1] ?? '').matchAll(/([a-z-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, attribute = '', value = '']) => [attribute, plain(value)]));
}
const fileOf = (name: string): JsonFile => json.files.find((file) => file.filename === name) as JsonFile;
const all = [wheelName, sdistName, laterWheelName, laterSdistName].sort();
const bytesOf: Record<string, Buffer> = { [wheelName]: wheel(), ...laterFiles() };
const pageAt = () => new URL('/simple/demo/', server.base);

describe('PEP 503', () => {
  test('the root page has one anchor a project, its text the name', async () => {
    const list = (await body('/simple/')).toString();
    expect([...list.matchAll(/<a [^>]*>[^<]*<\/a>/g)].map(([anchor]) => anchor)).toEqual(['<a href="demo/">demo</a>']);
  });

  test('every file has one anchor whose text is the last part of its address and whose fragment is its SHA-256', async () => {
    for (const name of all) {
      const address = new URL(anchorOf(name)['href'] ?? '', pageAt());
      expect(address.pathname.split('/').at(-1)).toBe(name);
      const bytes = await body(address.pathname);
      expect(address.hash).toBe(`#sha256=${sha256Hex(bytes)}`);
      if (bytesOf[name]) expect(bytes).toEqual(bytesOf[name]);
    }
  });

  test('data-gpg-sig stands on every link; where it is true NAME.asc is there, where it is false it is not', async () => {
    for (const name of all) {
      const { href = '', 'data-gpg-sig': said } = anchorOf(name);
      const { status } = await get(`${new URL(href, pageAt()).pathname}.asc`);
      expect([name, said, status]).toEqual([name, String(name === wheelName), name === wheelName ? 200 : 404]);
    }
  });
});

test('PEP 592: every file of a yanked release carries its reason in both forms, and can still be had', async () => {
  for (const name of all) {
    const isYanked = name.startsWith('demo-2.0');
    expect(anchorOf(name)['data-yanked']).toBe(isYanked ? yankReason : undefined);
    expect(fileOf(name)['yanked']).toBe(isYanked ? yankReason : false);
    expect((await get(new URL(fileOf(name).url, pageAt()).pathname)).status).toBe(200);
  }
});

test('PEP 629 and 833: HTML says 1.4 and has no attribute or meta that came after it', () => {
  expect(html).toContain('<meta name="pypi:repository-version" content="1.4">');
  const known = ['href', 'data-requires-python', 'data-core-metadata', 'data-dist-info-metadata', 'data-gpg-sig'];
  const used = new Set(all.flatMap((name) => Object.keys(anchorOf(name))));
  expect([...used].filter((name) => !known.includes(name))).toEqual(['data-yanked']);
});

test('PEP 658 and 714: NAME.metadata is METADATA of the wheel byte for byte, announced with its digest in both forms', async () => {
  for (const name of all) {
    const announced = fileOf(name)['core-metadata'];
    const served = await get(`${new URL(fileOf(name).url, pageAt()).pathname}.metadata`);
    if (!name.endsWith('.whl')) {
      expect([announced, anchorOf(name)['data-core-metadata'], served.status]).toEqual([false, undefined, 404]);
      continue;
    }
    const expected = metadataText({ version: name.startsWith('demo-2') ? '2.0' : '1.0' });
    const sha256 = sha256Hex(Buffer.from(expected));
    expect(await served.text()).toBe(expected);
    expect(announced).toEqual({ sha256 });
    expect(anchorOf(name)['data-core-metadata']).toBe(`sha256=${sha256}`);
    expect(anchorOf(name)['data-dist-info-metadata']).toBe(`sha256=${sha256}`);
    expect('dist-info-metadata' in fileOf(name)).toBe(false);
  }
});

describe('PEP 691', () => {
  const forms: [string, string][] = [
    [asPip, v1json],
    [asUv, v1json],
    ['application/vnd.pypi.simple.latest+json', v1json],
    ['application/vnd.pypi.simple.latest+html', 'application/vnd.pypi.simple.v1+html'],
    ['*/*', 'text/html; charset=utf-8'],
  ];
  test.each(forms)(
    'asked for %s, both pages say that they are %s, and vary by what was asked',
    async (accept, type) => {
      for (const address of ['/simple/', '/simple/demo/']) {
        const { headers } = await get(address, accept);
        expect(headers.get('content-type')).toBe(type);
        expect(headers.get('vary')).toContain('Accept');
        expect(headers.get('etag')).toMatch(/^"[^"]+"$/);
      }
    },
  );

  test('a client that has the JSON form is not told by 304 that it has the HTML form', async () => {
    const tag = (await get('/simple/demo/', v1json)).headers.get('etag') ?? '';
    const ask = (accept: string) => fetch(pageAt(), { headers: { accept, 'if-none-match': tag } });
    expect([(await ask(v1json)).status, (await ask('text/html')).status]).toEqual([304, 200]);
  });

  test('the project list names every project once, with the version of the API', async () => {
    expect(await (await get('/simple/', v1json)).json()).toEqual({
      meta: { 'api-version': '1.4' },
      projects: [{ name: 'demo' }],
    });
  });

  test('both forms say the same of every file', () => {
    expect(json.files.map((file) => file.filename)).toEqual(all);
    for (const file of json.files) {
      const { href = '', ...said } = anchorOf(file.filename);
      expect(href).toBe(`${file.url}#sha256=${file.hashes.sha256}`);
      expect(said['data-requires-python']).toBe(file['requires-python']);
      expect(said['data-gpg-sig']).toBe(String(file['gpg-sig']));
    }
  });
});

test('PEP 700: versions, sizes and upload times in UTC are there; of ours there is only a key with an underscore', async () => {
  expect(json.versions).toEqual(['1.0', '2.0']);
  for (const file of json.files) {
    const bytes = await body(new URL(file.url, pageAt()).pathname);
    expect(file['size']).toBe(bytes.length);
    expect(file['upload-time']).toBe(new Date(noon).toISOString().replace(/\.000Z$/, '.000000Z'));
  }
  expect(Object.keys(json)).toEqual(['meta', 'name', 'versions', 'files', '_countersign']);
  const known = ['filename', 'url', 'hashes', 'size', 'upload-time', 'requires-python', 'core-metadata', 'gpg-sig'];
  for (const file of json.files) expect(Object.keys(file)).toEqual([...known, 'yanked']);
});

test('PEP 708: no other index is named from which files of the project might come', () => {
  expect(json.meta).toEqual({ 'api-version': '1.4' });
  expect(html + JSON.stringify(json)).not.toMatch(/alternate-locations|tracks/);
});

test('PEP 740: no provenance is claimed, because signatures of people do not fit its form', () => {
  expect(html + JSON.stringify(json)).not.toContain('provenance');
});

test('PEP 792: without a declaration no status is given, which means active', () => {
  expect(html).not.toContain('project-status');
  expect('project-status' in json).toBe(false);
});

test('what _countersign points at is there, and is the record that it says', async () => {
  const ours = json['_countersign'] as { versions: Record<string, { record: string; sha256: string }> };
  expect(Object.keys(ours.versions)).toEqual(['1.0', '2.0']);
  for (const { record, sha256 } of Object.values(ours.versions))
    expect(sha256Hex(await body(new URL(record, pageAt()).pathname))).toBe(sha256);
});
