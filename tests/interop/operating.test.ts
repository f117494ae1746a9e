// What an operator does, with the built programs: a backup (refused while the embedded database is in use), restored elsewhere and served again; an end in the middle of an upload, which still
// arrives; the move to PostgreSQL and into a bucket, after which nobody starts on the old database by mistake; and a backup of that, put back with files in another bucket.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readConfig } from '#lib/server/config.ts';
import { openFileStore } from '#lib/server/files/store.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { beginUpload } from '#lib/server/uploads/begin-upload.ts';
import { ask } from '../../scripts/demo/checks.ts';
import { freePort, startInstance } from '../../scripts/instance.mjs';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { makeDraft, makeWheel, makeWorld, type World } from '../support/story.ts';
import { startSwift, type Swift } from '../support/swift.ts';

type OnItsWay = { id: string; bytes: Buffer; offset: number };

const root = mkdtempSync(path.join(tmpdir(), 'cs-operating-'));
const at = (name: string): string => path.join(root, name);
const token = randomUUID();
let postgres: { url: string; close: () => Promise<void> };
let swift: Swift;
let bucket: string;
let environment: Record<string, string>;
let port: number;
let cookie: string;
let world: World;
let draft: string;
let onItsWay: OnItsWay;

async function openHere(more: Record<string, string> = {}): Promise<Runtime> {
  return openRuntime(readConfig({ ...environment, ...more }));
}

beforeAll(async () => {
  [postgres, swift] = await Promise.all([openPostgresForTests(), startSwift()]);
  port = await freePort();
  environment = { DATA_DIR: at('first'), PORT: String(port), PUBLIC_URL: `http://localhost:${port}` };
  const runtime = await openHere();
  world = await makeWorld();
  ({ draft } = await makeDraft(world.ada, world.project));
  const [createdAt, expiresAt] = [new Date(), new Date(Date.now() + 3_600_000)];
  const personName = world.ada.actor.name;
  await runtime.db.session.create({ data: { tokenHash: hashToken(token), personName, createdAt, expiresAt } });
  cookie = `${sessionCookieName()}=${token}`;
  await runtime.close();
});
afterAll(async () => {
  await postgres?.close();
  await swift?.stop();
  rmSync(root, { recursive: true, force: true });
});

const admin = (args: string[], more: Record<string, string> = {}) =>
  ask(process.execPath, [path.resolve('.build/admin.mjs'), ...args], root, { ...environment, ...more });
const serve = (data: string, more: Record<string, string> = {}) =>
  startInstance({
    ...{
      dataFolder: at(data),
      port,
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...environment, ...more, DATA_DIR: at(data) },
    },
    countersigner: false,
  });
const page = async (address: string) =>
  (await fetch(`http://localhost:${port}${address}`, { headers: { cookie } })).status;

describe('one instance, from machine to machine', () => {
  it('is not backed up beside the program that has its embedded database, and is when that has ended', async () => {
    const instance = await serve('first');
    try {
      expect(await page(`/drafts/${draft}`)).toBe(200);
      const refused = await admin(['backup', at('backups')]);
      expect(refused.code).toBe(2);
      expect(refused.text).toContain(`process ${instance.web.child.pid}`);
    } finally {
      await instance.end();
    }
    const done = await admin(['backup', at('backups')]);
    expect([done.text, done.code]).toEqual([
      expect.stringMatching(/backup-\S+Z\.json: \d+ rows, 2 files \(2 new\)/),
      0,
    ]);
  });

  it('is restored into an empty place alone, and serves there what it served here', async () => {
    expect((await admin(['restore', at('backups')])).text).toContain('There is something at');
    const restored = await admin(['restore', at('backups')], { DATA_DIR: at('second') });
    expect([restored.text, restored.code]).toEqual([expect.stringContaining('every row and file was compared'), 0]);
    const instance = await serve('second');
    try {
      expect(await page('/readyz')).toBe(200);
      expect(await page(`/drafts/${draft}`)).toBe(200);
    } finally {
      await instance.end();
    }
  });

  it('that is told to end takes no new connection, lets an upload finish, and leaves nothing half done', async () => {
    const instance = await serve('second', { SHUTDOWN_SECONDS: '60' });
    const wheel = makeWheel(world.project, '2.0.0');
    const { head, tail, boundary } = asForm(wheel);
    const headers = {
      ...{ cookie, accept: 'application/json', origin: `http://localhost:${port}` },
      'content-type': `multipart/form-data; boundary=${boundary}`,
    };
    const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
      const upload = request({
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: `/projects/${world.project}/drafts`,
        headers,
      });
      upload.once('error', reject);
      upload.once('response', (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => (text += piece.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      upload.write(head, () => {
        instance.web.child.kill('SIGTERM');
        // Only when nobody gets in any more, the rest is sent.
        void vi
          .waitUntil(
            () =>
              page('/healthz').then(
                () => false,
                () => true,
              ),
            { timeout: 30_000, interval: 50 },
          )
          .then(() => upload.end(tail), reject);
      });
    });
    const { status, text } = await answered;
    expect([text, status]).toEqual([expect.stringContaining('"location":"/drafts/'), 200]);
    expect(await instance.web.ended).toBe(0);
    const runtime = await openHere({ DATA_DIR: at('second') });
    expect(await runtime.db.draft.count({ where: { version: '2.0.0' } })).toBe(1);
    onItsWay = await sendHalf(runtime);
    await runtime.close();
  });

  it('moves to PostgreSQL and into a bucket with everything compared, and the old database opens no more', async () => {
    const here = { DATA_DIR: at('second'), ...swift.keys };
    bucket = await swift.bucket('the-files');
    const moved = await admin(['move', '--to', postgres.url, '--files', bucket], here);
    expect([moved.text, moved.code]).toEqual([expect.stringContaining('3 files were copied and compared'), 0]);
    expect((await admin(['backup', at('late')], { DATA_DIR: at('second') })).text).toContain('was moved to PostgreSQL');
    expect((await admin(['move', '--to', postgres.url], { DATA_DIR: at('first') })).text).toContain(
      'There is something at',
    );
    const settings = { ...here, DATABASE_URL: postgres.url, FILES_URL: bucket };
    const instance = await serve('second', settings);
    try {
      expect(await page(`/drafts/${draft}`)).toBe(200);
      // An upload goes on at the byte at which it was before the move, and its file is looked into.
      expect(await openDraftOf(onItsWay)).toMatch(/^\/drafts\//);
      // Beside the running programs, this time.
      expect((await admin(['backup', at('backups')], settings)).text).toContain('4 files (2 new)');
    } finally {
      await instance.end();
    }
    expect(await digestsIn(settings)).toHaveLength(4);
  });

  it('is restored into a bucket that is empty, never into one that another instance uses, and serves every file', async () => {
    const used = { DATA_DIR: at('third'), FILES_URL: bucket, ...swift.keys };
    expect((await admin(['restore', at('backups')], used)).text).toContain('There is something at the file store');
    const settings = { ...used, DATA_DIR: at('fourth'), FILES_URL: await swift.bucket('restored', 'a/folder') };
    const restored = await admin(['restore', at('backups')], settings);
    expect([restored.text, restored.code]).toEqual([expect.stringContaining('every row and file was compared'), 0]);
    expect(await digestsIn(settings)).toEqual(await digestsIn(used));
    // Nothing of what it serves comes from copies on this machine.
    rmSync(path.join(at('fourth'), 'files-copies'), { recursive: true });
    const instance = await serve('fourth', settings);
    try {
      const { name, bytes } = makeWheel(world.project, '1.2.0');
      const given = await fetch(`http://localhost:${port}/drafts/${draft}/files/${name}`, { headers: { cookie } });
      expect([given.status, Buffer.from(await given.arrayBuffer()).equals(bytes)]).toEqual([200, true]);
    } finally {
      await instance.end();
    }
  });
});

/** A file of which the first bytes came. */
async function sendHalf({ files }: Runtime): Promise<OnItsWay> {
  const { name, bytes } = makeWheel(world.project, '3.0.0');
  const wanted = { project: world.project, name, size: bytes.length, sha256: sha256Hex(bytes) };
  const { id } = await beginUpload(world.ada.actor, wanted);
  const { kept: offset } = await files.parts.put(id, 0, Readable.from([bytes.subarray(0, 100)]), { bytesMax: 100 });
  return { id, bytes, offset };
}

/** As the page does it: the rest, and the form that names the upload. Answers where the draft is. */
async function openDraftOf({ id, bytes, offset }: OnItsWay): Promise<string> {
  const headers = { cookie, accept: 'application/json', origin: `http://localhost:${port}` };
  const sent = await fetch(`http://localhost:${port}/uploads/${id}`, {
    method: 'PATCH',
    headers: {
      ...{ ...headers, 'tus-resumable': '1.0.0', 'upload-offset': String(offset) },
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(bytes.subarray(offset)),
  });
  expect([sent.status, sent.headers.get('upload-offset')]).toEqual([204, String(bytes.length)]);
  const body = new FormData();
  body.append('upload', id);
  const opened = await fetch(`http://localhost:${port}/projects/${world.project}/drafts`, {
    ...{ method: 'POST', headers, body },
  });
  return ((await opened.json()) as { location: string }).location;
}

/** What the bucket of these settings holds. */
async function digestsIn(settings: Record<string, string>): Promise<string[]> {
  const store = await openFileStore(readConfig({ ...environment, ...settings }));
  const found: string[] = [];
  for await (const { sha256 } of store.list()) found.push(sha256);
  return found.sort();
}

/** A form with one file, cut in the middle of its bytes. */
function asForm(file: { name: string; bytes: Uint8Array }): { head: Buffer; tail: Buffer; boundary: string } {
  const boundary = 'a-boundary-that-is-in-no-file';
  const before = `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${file.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  const whole = Buffer.concat([Buffer.from(before), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const cut = before.length + 10;
  return { head: whole.subarray(0, cut), tail: whole.subarray(cut), boundary };
}
