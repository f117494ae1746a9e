// What programs that read mail before people do to it: every link of every mail, and every address that a header offers, asked a hundred times
// with GET and HEAD. The running program answers each, and the database is afterwards what it was before.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAddressChange } from '#lib/server/commands/ask-address-change.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { openCamera, type Picture } from '../doors/picture.ts';
import { makeSetting } from '../doors/setting.ts';
import { personActor, visitor } from '../support/story.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-scanners-'));
const rounds = 50;
const atOnce = 10;
let postgres: { url: string; close: () => Promise<void> };
let program: RunningProgram;
let runtime: Runtime;
let takePicture: () => Promise<Picture>;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  program = await startWebProgram(path.join(folder, 'data'), postgres.url);
  runtime = await openRuntime(readConfig(program.environment));
  await makeSetting();
  await askAddressChange(personActor('bo'), { address: 'bo@new.example' });
  await requestSignIn(visitor, { address: 'bo@example.org', returnTo: '/', client: '127.0.0.1' });
  await requestSignIn(visitor, { address: 'new@example.org', returnTo: '/', client: '127.0.0.1' });
  takePicture = await openCamera(runtime);
});
afterAll(async () => {
  await program?.end();
  await runtime?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One address of each shape in the mails of each kind: what differs only by token, number or name is the same door. */
async function addressesInMails(): Promise<Map<string, string>> {
  const mails = await runtime.db.mail.findMany({ orderBy: { id: 'asc' } });
  const found = mails.flatMap(({ event, text, html, headers }) => {
    const words = `${text}\n${html}\n${Object.values(headers as Record<string, string>).join('\n')}`;
    const links = words.match(/https?:\/\/[^\s<>"']+/g) ?? [];
    return links.map((link) => [`${event} ${shapeOf(new URL(link).pathname)}`, link] as const);
  });
  return new Map(found);
}

const shapeOf = (address: string): string =>
  address
    .split('/')
    .map((part) => (part.length > 8 && !/^SHA256SUMS$|^[a-z]+s$/.test(part) ? '*' : part))
    .join('/');

async function scan(link: string): Promise<number[]> {
  const seen = new Set<number>();
  for (let round = 0; round < rounds; round += atOnce / 2) {
    const asked = Array.from({ length: atOnce }, async (_, at) => {
      const answer = await fetch(link, { method: at % 2 === 0 ? 'GET' : 'HEAD', redirect: 'follow' });
      await answer.arrayBuffer();
      seen.add(answer.status);
    });
    await Promise.all(asked);
  }
  return [...seen];
}

it('a hundred GET and HEAD of every link in every mail change nothing, and none of them fails', async () => {
  const links = await addressesInMails();
  const shapes = [...links.keys()].join('\n');
  for (const kind of ['sign-in /sign-in/', 'invitation /invitations/', 'draft.opened /d/*', 'policy.opened /projects/'])
    expect(shapes).toContain(kind);
  const before = await takePicture();
  for (const [shape, link] of links) {
    expect(new URL(link).origin, shape).toBe(program.publicUrl);
    const answers = await scan(link);
    expect(
      answers.filter((status) => status >= 500),
      shape,
    ).toEqual([]);
  }
  expect(await takePicture()).toEqual(before);
});
