// The client as a download over real HTTP: the bytes of which the release pages show the digest, for everybody, and nothing that a browser would run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readClientProgram } from '#lib/server/client-program.ts';
import { clientRoute } from '#web/client.ts';
import { noRoute, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

const built = '#!/usr/bin/env node\nconsole.log("the client");\n';
let folder: string;
let world: TestRuntime;
let server: RouteServer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-client-'));
  writeFileSync(path.join(folder, 'countersign.mjs'), built);
  world = await openTestRuntime();
  world.client = readClientProgram(path.join(folder, 'countersign.mjs'));
  server = await serveRoutes(clientRoute);
});
afterAll(async () => {
  await server.stop();
  await world.close();
  rmSync(folder, { recursive: true });
});
const get = (address = '/client/countersign.mjs', init: RequestInit = {}) => fetch(`${server.base}${address}`, init);

describe('the client for download', () => {
  test('is the one file of the build, as an attachment of no type that runs', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="countersign.mjs"',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'content-length': String(built.length),
      etag: `"${sha256Hex(Buffer.from(built))}"`,
    });
    expect(await answer.text()).toBe(built);
  });

  test('answers HEAD without bytes, and 304 to whoever has it', async () => {
    const head = await get(undefined, { method: 'HEAD' });
    expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0]);
    const again = await get(undefined, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('stays what its digest says while another build is written', async () => {
    writeFileSync(path.join(folder, 'countersign.mjs'), 'half a buil');
    expect(sha256Hex(Buffer.from(await (await get()).arrayBuffer()))).toBe(world.client?.sha256);
  });

  test('leaves every other address and method alone, and its own where there is none', async () => {
    for (const address of ['/client/', '/client/countersign.mjs/', '/client/%2e%2e/web.mjs', '/client/web.mjs'])
      expect((await get(address)).status, address).toBe(noRoute);
    expect((await get(undefined, { method: 'POST', body: 'x' })).status).toBe(noRoute);
    world.client = readClientProgram(path.join(folder, 'nothing.mjs'));
    expect(world.client).toBeNull();
    expect((await get()).status).toBe(noRoute);
  });
});
