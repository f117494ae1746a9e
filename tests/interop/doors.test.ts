// Every door × every role of tests/doors/table.ts, asked of the running program: the answer is the one in the table, a refusal changes no
// row and no file, reading changes nothing whoever reads, and nobody outside is told what is inside. The database is PostgreSQL, because the
// test looks into it while the program runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { openKnocking } from '../doors/knock.ts';
import { openCamera, type Picture } from '../doors/picture.ts';
import { roles, type Answers, type Role } from '../doors/roles.ts';
import type { Row } from '../doors/row.ts';
import { headersOf, makeSetting, type Setting } from '../doors/setting.ts';
import { table } from '../doors/table.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-doors-'));
let postgres: { url: string; close: () => Promise<void> };
let program: RunningProgram;
let runtime: Runtime;
let setting: Setting;
let knock: ReturnType<typeof openKnocking>;
let takePicture: () => Promise<Picture>;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  program = await startWebProgram(path.join(folder, 'data'), postgres.url);
  runtime = await openRuntime(readConfig(program.environment));
  setting = await makeSetting();
  takePicture = await openCamera(runtime);
  knock = openKnocking(program, table);
});
afterAll(async () => {
  await program?.end();
  await runtime?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

const isOutside = (role: Role): boolean => !['invited', 'maintainer', 'owner', 'owner, not fresh'].includes(role);
const isReading = (door: string): boolean => /^(?:page|route GET) /.test(door);
/** Whoever has the link, or the hand-over token, may read what is behind it. */
const isKeyed = (door: string): boolean => /\[(?:token|secret)\]|\/(?:handoff|personal-links)\.ts/.test(door);
/** What somebody did themselves stays in their own history. */
const isOwnPast = (role: Role, door: string): boolean => role === 'removed' && /\/account.*history/.test(door);
/** Refused, or led to the sign-in page: not let in. */
const isRefused = (answer: string): boolean => !['done', 'goes on', '200'].includes(answer);

/** What an answer tells of the inside, but for what stood in the question. */
function told(row: Row, body: string): string[] {
  const asked = 'knock' in row ? row.knock(setting).path : '';
  return setting.secrets.filter((secret) => body.includes(secret) && !asked.includes(secret));
}

describe('each door', () => {
  // One role after the other: who changes something comes after those who may not.
  const named = table.map((row, at) => ({ row, name: `${at}: ${row.door}` }));
  it.each(named)('answers each role as the table says, and no more than that happens ($name)', async ({ row }) => {
    const answers: Partial<Answers> = {};
    const everybody = new Map<Role, Record<string, string>>();
    for (const role of roles) everybody.set(role, await headersOf(role, setting));
    let before = await takePicture();
    for (const [role, who] of everybody) {
      const { answer, body } = await knock(row, setting, who);
      answers[role] = answer;
      const after = await takePicture();
      if (isRefused(answer) || isReading(row.door)) expect(after, role).toEqual(before);
      before = after;
      if (isOutside(role) && !isKeyed(row.door) && !isOwnPast(role, row.door))
        expect(told(row, body), role).toEqual([]);
    }
    expect(answers).toEqual(row.answers);
  });
});

describe('a request that another site makes the owner’s browser send', () => {
  const changing = table.filter(({ door }) => /^(?:action|route POST|address web\/upload)/.test(door));
  it.each([['https://evil.example'], ['null'], ['']])('changes nothing at any door (origin “%s”)', async (origin) => {
    const who = await headersOf('owner', setting);
    const before = await takePicture();
    const answers = [];
    for (const row of changing) answers.push((await knock(row, setting, who, origin)).answer);
    expect(answers.filter((answer) => !/^(?:403 )?request\.foreign-origin$|^403$/.test(answer))).toEqual([]);
    expect(await takePicture()).toEqual(before);
  });
});

describe('the data of a page that Next sends to its own script', () => {
  it('tells people outside as little as the page does', async () => {
    const pages = table.filter(({ door }) => door.startsWith('page ') && !isKeyed(door));
    for (const role of roles.filter(isOutside)) {
      const who = await headersOf(role, setting);
      for (const row of pages)
        expect(told(row, (await knock(row, setting, { ...who, rsc: '1' })).body), row.door).toEqual([]);
    }
  });
});
