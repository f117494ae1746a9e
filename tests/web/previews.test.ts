// The preview index over real HTTP: what pip, a browser and a stranger get below /preview/TOKEN/. The pages are those of the index, the bytes those
// of the draft; asking changes nothing, nothing is kept by caches or listed by robots, and a dead address says why.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { previewRoute } from '#web/previews.ts';
import { ask as run, type Said } from '../../scripts/demo/checks.ts';
import { noRoute, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let server: RouteServer;
let [draft, place, version] = ['', '', ''];
let versions = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  server = await serveRoutes(previewRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});
beforeEach(async () => {
  version = `4.${(versions += 1)}.0`;
  ({ draft } = await makeDraft(world.ada, world.project, version));
  const { talk } = await draftPage(world.bo.actor, draft);
  place = /(\/preview\/[\w-]{43})\/simple\/$/.exec(talk.preview?.address ?? '')?.[1] ?? '';
});

const json = 'application/vnd.pypi.simple.v1+json';
const ask = (address: string, init: RequestInit = {}) => fetch(server.base + address, { redirect: 'manual', ...init });
const project = () => `${place}/simple/${world.project}/`;

describe('the pages of a preview', () => {
  it('are those of the index, in both forms, and say that nothing is published', async () => {
    const html = await ask(project());
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await html.text();
    expect(page).toContain('Not published: these are the files of revision 1 of a draft');
    const asJson = new Uint8Array(await (await ask(project(), { headers: { accept: json } })).arrayBuffer());
    const [fromHtml, fromJson] = [readPageHtml(Buffer.from(page)), readPageJson(asJson)];
    expect(fromHtml.files.map(({ name, sha256 }) => [name, sha256])).toEqual(
      fromJson.files.map(({ name, sha256 }) => [name, sha256]),
    );
    const told = JSON.parse(new TextDecoder().decode(asJson)) as Record<string, unknown>;
    expect(told).toMatchObject({
      versions: [version],
      _countersign: { preview: expect.stringMatching(/^Not published/) },
    });
  });

  it('list their one project, and lead from every spelling to the one address', async () => {
    const list = await ask(`${place}/simple/`, { headers: { accept: json } });
    expect(await list.json()).toMatchObject({ projects: [{ name: world.project }] });
    const led = await ask(`${place}/simple/SunRise`);
    expect([led.status, led.headers.get('location')]).toEqual([302, project()]);
    expect((await ask(`${place}/simple/moonrise/`)).status).toBe(404);
  });

  it('are kept by no cache, listed by no robot, and run nothing', async () => {
    const { headers } = await ask(project());
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('are only read: anything else is refused, and reading changes nothing', async () => {
    expect((await ask(project(), { method: 'POST', body: 'x' })).status).toBe(405);
    const before = await takePicture();
    await ask(project());
    await ask(project(), { method: 'HEAD' });
    expect(await takePicture()).toEqual(before);
    expect((await ask('/previews')).status).toBe(noRoute);
  });
});

describe('the files of a preview', () => {
  const links = async () => {
    const page = readPageJson(
      new Uint8Array(await (await ask(project(), { headers: { accept: json } })).arrayBuffer()),
    );
    return page.files.map((file) => ({ ...file, address: new URL(file.url, `http://x${project()}`).pathname }));
  };

  it('are the very bytes that people are asked to sign, as attachments', async () => {
    const [wheel] = (await links()).filter(({ name }) => name.endsWith('.whl'));
    const answer = await ask(wheel?.address ?? '');
    expect(sha256Hex(new Uint8Array(await answer.arrayBuffer()))).toBe(wheel?.sha256);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const part = await ask(wheel?.address ?? '', { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'PK\u0003\u0004']);
  });

  it('have the METADATA of wheels beside them, as the page gives its digest', async () => {
    const found = await links();
    const told = found.map(({ name, metadataSha256 }) => [name.endsWith('.whl'), metadataSha256 !== null]);
    expect(told.every(([isWheel, has]) => isWheel === has)).toBe(true);
    const wheel = found.find(({ name }) => name.endsWith('.whl'));
    const bytes = new Uint8Array(await (await ask(`${wheel?.address}.metadata`)).arrayBuffer());
    expect(sha256Hex(bytes)).toBe(wheel?.metadataSha256);
    expect(new TextDecoder().decode(bytes)).toContain(`Version: ${version}`);
    const sdist = found.find(({ name }) => name.endsWith('.tar.gz'));
    expect((await ask(`${sdist?.address}.metadata`)).status).toBe(404);
  });

  it('are no others than those of the draft', async () => {
    const [file] = await links();
    const other = `4.${(versions += 1)}.0`;
    const made = await makeDraft(world.ada, world.project, other);
    const foreign = (await draftPage(world.ada.actor, made.draft)).files[0];
    const { sha256 = '', name = '' } = foreign ?? {};
    const at = (digest: string, named: string) =>
      ask(`${place}/files/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}/${named}`);
    expect((await at(sha256, name)).status).toBe(404);
    expect((await at(sha256, file?.name ?? '')).status).toBe(404);
    expect((await ask(`${place}/evidence/${world.project}/releases.json`)).status).toBe(404);
  });
});

describe('an address that opens nothing', () => {
  it('says so in one line, and so does one that has ended, in each of its places', async () => {
    const guessed = await ask(`/preview/${'A'.repeat(43)}/simple/`);
    expect([guessed.status, await guessed.text()]).toEqual([404, expect.stringMatching(/opens nothing/)]);
    const wheel = (await draftPage(world.ada.actor, draft)).files[0];
    const { sha256 = '', name = '' } = wheel ?? {};
    await withdrawDraft(world.ada.actor, { draft, reason: 'wrong branch' });
    const file = `${place}/files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}/${name}`;
    for (const address of [`${place}/simple/`, project(), `${place}/simple/SunRise`, file, `${file}.metadata`]) {
      const answer = await ask(address);
      expect([answer.status, await answer.text()]).toEqual([404, expect.stringMatching(/was withdrawn/)]);
    }
  });
});

describe('pip', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'preview-pip-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The line of the draft's page, with the address of this server in place of the public one. */
  function install(target: string): Promise<Said> {
    const wanted = ['--no-deps', '--index-url', `${server.base}${place}/simple/`, `${world.project}==${version}`];
    const parameters = ['install', '--no-cache-dir', '--target', target, ...wanted];
    return run('/usr/bin/python3', ['-m', 'pip', '--isolated', ...parameters], folder, {
      PIP_CONFIG_FILE: '/dev/null',
    });
  }

  it('installs a draft that nobody has signed, and nothing any more once the draft is over', async () => {
    const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')];
    const said = await install(before);
    expect(said).toMatchObject({ code: 0, text: expect.stringMatching(/Successfully installed/) });
    expect(existsSync(path.join(before, 'sunrise', '__init__.py'))).toBe(true);
    await withdrawDraft(world.ada.actor, { draft, reason: 'wrong branch' });
    expect((await install(after)).code).not.toBe(0);
    expect(existsSync(path.join(after, 'sunrise'))).toBe(false);
  });
});
