// Many people who hand in a signature at the same moment, each by their own token and connection: 50 on one release, and 200 on 20 releases. The program as it is
// built, on PostgreSQL, on this machine; the load generator shares its processors. What is measured is the time from the request to its answer, which has
// the verdict in it. Needs PostgreSQL; keys and signatures are made before.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProject,
  signBytes,
  type TestPerson,
} from '../../tests/support/story.ts';
import { freePort } from '../instance.mjs';
import { openPostgresForTests } from '../postgres.mjs';
import { root, start } from '../processes.mjs';
import type { Row } from './table.ts';

const people = 50;
const releases = 20;
const signersOfEach = 10;

type Prepared = { draft: string; token: string; signature: Uint8Array };
type Answer = { ms: number; status: number };
type Scene = { base: string; team: TestPerson[]; tokens: string[]; project: string };

/** The figures: of a program that has just been started, whose every path is new to it, and of one that has taken as many before. */
export async function measureSigners(): Promise<Row[]> {
  return withScene(async (scene) => [
    ...(await measureOnce(scene, 'a program just started', 1)),
    ...(await measureOnce(scene, 'a program in service', 2)),
  ]);
}

async function measureOnce(scene: Scene, which: string, epoch: number): Promise<Row[]> {
  const all = [...scene.team.keys()];
  const one = await prepare(scene, `${epoch}.0`, all);
  const many: Prepared[] = [];
  for (let release = 0; release < releases; release += 1) {
    const who = all.slice(0, signersOfEach).map((at) => (at + release * signersOfEach) % people);
    many.push(...(await prepare(scene, `${epoch}.1.${release}`, who)));
  }
  return [
    rowOf(`${people} people sign one release at once, ${which}`, await handInAll(scene.base, one)),
    rowOf(`${many.length} signatures at once on ${releases} releases, ${which}`, await handInAll(scene.base, many)),
  ];
}

/** A draft, and what these people will hand in. */
async function prepare({ team, tokens, project }: Scene, version: string, who: readonly number[]): Promise<Prepared[]> {
  const [opener] = team;
  if (opener === undefined) throw new Error('nobody opens a draft');
  const { draft } = await makeDraft(opener, project, version);
  const { bytes } = await statementBytes(opener.actor, draft);
  const signed = who.map(async (at) => {
    const [person, token] = [team[at], tokens[at]];
    if (person === undefined || token === undefined) throw new Error(`nobody is number ${at}`);
    return { draft, token, signature: await signBytes(person.key, bytes) };
  });
  return Promise.all(signed);
}

const handInAll = (base: string, all: readonly Prepared[]): Promise<Answer[]> =>
  Promise.all(
    all.map(async ({ draft, token, signature }) => {
      const started = performance.now();
      const answer = await fetch(`${base}/api/v1/drafts/${draft}/signatures`, {
        ...{ method: 'POST', body: new Uint8Array(signature), headers: { authorization: `Bearer ${token}` } },
      });
      await answer.arrayBuffer();
      return { ms: performance.now() - started, status: answer.status };
    }),
  );

function rowOf(what: string, answers: readonly Answer[]): Row {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const seconds = (share: number): string =>
    ((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) / 1000).toFixed(2);
  const others = answers.filter(({ status }) => status !== 200).map(({ status }) => status);
  const bad = others.length === 0 ? 'all answered 200' : `other answers: ${others.join(', ')}`;
  return {
    what,
    figure: `p95 ${seconds(0.95)} s (median ${seconds(0.5)}, slowest ${seconds(1)}), ${bad}`,
    goal: 'no 5xx, p95 below 1 s',
  };
}

async function withScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-bench-'));
  const postgres = await openPostgresForTests();
  const port = await freePort();
  const environment = {
    ...{ DATA_DIR: path.join(folder, 'data'), DATABASE_URL: postgres.url, PORT: String(port) },
    ...{ PUBLIC_URL: `http://localhost:${port}`, INDEX_NAME: 'sign.example.org' },
  };
  const program = start([process.execPath, path.join(root, '.build', 'web.mjs')], {
    env: { ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  try {
    await untilAnswers(base);
    const runtime = await openRuntime(readConfig(environment));
    try {
      return await work({ base, ...(await makeTeam()) });
    } finally {
      await runtime.close();
    }
  } finally {
    await program.end();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project whose rules ask all of them, so that nothing is published meanwhile. */
async function makeTeam(): Promise<Omit<Scene, 'base'>> {
  const team: TestPerson[] = [];
  for (let at = 0; at < people; at += 1) team.push(await makePerson(`person${at}`));
  const [owner, ...others] = team;
  if (owner === undefined) throw new Error('nobody owns the project');
  const project = await makeProject(owner, 'sunrise');
  const admit: string[] = [];
  for (const person of others) admit.push(await inviteAndAccept(owner, project, person));
  await changePolicy(owner, { project, admit, threshold: people }, owner);
  const tokens: string[] = [];
  for (const { actor } of team)
    tokens.push((await makePersonToken(actor, { name: 'bench', scopes: ['sign'], project: '', days: '7' })).token);
  return { team, tokens, project };
}

async function untilAnswers(base: string): Promise<void> {
  for (let tried = 0; tried < 600; tried += 1) {
    const isThere = await fetch(`${base}/sign-in`, { method: 'HEAD', redirect: 'manual' }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(100);
  }
  throw new Error('The web program did not answer within a minute.');
}
