// What a second web program on the same machine brings: pages of a draft for one session, asked for as fast as they come, first of one program and then of two
// on one PostgreSQL, each with a data folder of its own. The load generator and the database take part of the same processors: how much of all of them was busy
// stands beside each figure, and no second program can bring more than what the first one left idle. Needs PostgreSQL and the built programs.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '#lib/server/config.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { makeDraft, makePerson, makeProject } from '../../tests/support/story.ts';
import { freePort } from '../instance.mjs';
import { openPostgresForTests } from '../postgres.mjs';
import { root, start } from '../processes.mjs';
import type { Row } from './table.ts';

const atOnce = 16;
const warmMs = 3_000;
const measuredMs = 8_000;

type Program = { base: string; environment: Record<string, string>; end(): Promise<unknown> };
/** `busy`: the part of all processors. */
type Load = { perSecond: number; busy: number; others: number };

/** The figure. */
export async function measureTwoWebPrograms(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-bench-'));
  const postgres = await openPostgresForTests();
  const programs: Program[] = [];
  try {
    for (const name of ['one', 'two']) programs.push(await startProgram(path.join(folder, name), postgres.url));
    const asked = await prepare(programs);
    await load(programs, asked, warmMs);
    const one = await load(programs.slice(0, 1), asked, measuredMs);
    const two = await load(programs, asked, measuredMs);
    const share = (of: Load): string => `${Math.round(of.busy * 100)} % of ${cpus().length} processors busy`;
    const bad = one.others + two.others;
    return [
      {
        what: 'pages of a draft, one web program → two',
        figure:
          `${one.perSecond.toFixed(0)}/s (${share(one)}) → ${two.perSecond.toFixed(0)}/s (${share(two)}): ` +
          `${(two.perSecond / one.perSecond).toFixed(2)} times${bad === 0 ? '' : `, ${bad} answers were not 200`}`,
        goal: 'at least 1.6 times',
      },
    ];
  } finally {
    for (const program of programs) await program.end();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startProgram(dataFolder: string, databaseUrl: string): Promise<Program> {
  const port = String(await freePort());
  const environment = {
    ...{ DATA_DIR: dataFolder, DATABASE_URL: databaseUrl, PORT: port, INDEX_NAME: 'sign.example.org' },
    PUBLIC_URL: `http://localhost:${port}`,
  };
  const program = start([process.execPath, path.join(root, '.build', 'web.mjs')], {
    env: { ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  for (let tried = 0; ; tried += 1) {
    const isThere = await fetch(`${base}/sign-in`, { method: 'HEAD', redirect: 'manual' }).then(Boolean, () => false);
    if (isThere) return { base, environment, end: () => program.end() };
    if (tried === 600) throw new Error('The web program did not answer within a minute.');
    await pause(100);
  }
}

/** A draft, and somebody who may see it: the address, and the cookie. */
async function prepare([first]: readonly Program[]): Promise<{ place: string; cookie: string }> {
  const runtime = await openRuntime(readConfig(first?.environment ?? {}));
  try {
    const person = await makePerson('ada');
    const { draft } = await makeDraft(person, await makeProject(person, 'sunrise'));
    const token = randomUUID();
    const createdAt = runtime.clock.now();
    const expiresAt = new Date(createdAt.getTime() + 3_600_000);
    const row = { tokenHash: hashToken(token), personName: person.actor.name, createdAt, expiresAt };
    await runtime.db.session.create({ data: row });
    return { place: `/drafts/${draft}`, cookie: `${sessionCookieName()}=${token}` };
  } finally {
    await runtime.close();
  }
}

async function load(
  programs: readonly Program[],
  { place, cookie }: { place: string; cookie: string },
  forMs: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const [until, before] = [performance.now() + forMs, processorTimes()];
  let [answered, others] = [0, 0];
  const ask = async (at: number): Promise<void> => {
    while (performance.now() < until) {
      const status = await statusOf(`${programs[at % programs.length]?.base}${place}`, { agent, cookie });
      if (status === 200) answered += 1;
      else others += 1;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, (_, at) => ask(at)));
  const ms = performance.now() - started;
  const after = processorTimes();
  agent.destroy();
  const busy = 1 - (after.idle - before.idle) / (after.all - before.all);
  return { perSecond: (answered / ms) * 1000, busy, others };
}

/** Of all processors since they were started, in milliseconds. */
function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((one) => one.times);
  const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((one) => Object.values(one))) };
}

const statusOf = (url: string, { agent, cookie }: { agent: Agent; cookie: string }): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { cookie } }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end();
  });
