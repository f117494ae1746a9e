// The countersigner program: `init` makes the index key, `run` works round after round, `once` one round, `status` says where it stands,
// `accept-chain` lets a project that lost its keys begin anew, `root` changes the TUF root. It listens on no port and knows no database; settings come from the environment. Told to stop, it ends
// between rounds, and whatever stops it in the middle of one is finished by the next start.
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { exitCode, isRefusal, refuse } from '#lib/core/errors.ts';
import { readProjectName, readSha256 } from '#lib/core/ids.ts';
import { acceptChain } from './accept-chain.ts';
import { fetchedFolder } from './fetched-files.ts';
import { holdFolder } from './hold-folder.ts';
import { readInstanceState } from './instance-state.ts';
import { judgeProgramOf, judgesInChildren } from './judges/in-children.ts';
import { makeSetAside } from './judges/set-aside.ts';
import { initKeys, openKeys } from './keys.ts';
import { runRound } from './round.ts';
import type { RoundParts, RoundReport } from './round-parts.ts';
import { makePrivateFolder, openStore, type Store } from './store.ts';
import { requireHeldRoot } from './tuf/root.ts';
import { rootCommand, rootUsage } from './tuf/root-commands.ts';
import { newsOf, watch } from './watch.ts';
import { webProgramAt, type Queue } from './web-program.ts';

export type Settings = { url: string; token: string; stateFolder: string; intervalMs: number };

type Environment = Record<string, string | undefined>;

/** The settings. Refuses (`countersigner.settings`) what is missing or cannot be read. */
export function readSettings(environment: Environment): Settings {
  const wrong = (why: string) => refuse('countersigner.settings', { why });
  const url = environment['COUNTERSIGN_URL'] ?? '';
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw wrong('COUNTERSIGN_URL is not the address of the web program');
  const intervalSeconds = Number(environment['INTERVAL'] ?? '10');
  if (!(intervalSeconds >= 0.2 && intervalSeconds <= 3600))
    throw wrong('INTERVAL is not a number of seconds (0.2 to 3600)');
  return {
    url,
    token: readToken(environment),
    stateFolder: readStateFolder(environment),
    intervalMs: intervalSeconds * 1000,
  };
}

const readStateFolder = (environment: Environment): string =>
  path.resolve(environment['STATE_DIR'] ?? './data/countersigner');

function readToken(environment: Environment): string {
  const file = environment['HANDOFF_TOKEN_FILE'];
  try {
    const token = environment['HANDOFF_TOKEN'] ?? (file ? readFileSync(file, 'utf8').trim() : '');
    if (/^[\x21-\x7e]{32,}$/.test(token)) return token;
  } catch (cause) {
    throw refuse('countersigner.settings', { why: 'HANDOFF_TOKEN_FILE cannot be read' }, cause);
  }
  throw refuse('countersigner.settings', {
    why: 'HANDOFF_TOKEN (or HANDOFF_TOKEN_FILE) is missing or shorter than 32 characters',
  });
}

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

type Working = Pick<RoundParts, 'store' | 'web' | 'judges' | 'setAside' | 'now'>;

/** What lives longer than a round. Whatever is hostile is opened in child processes. */
async function withParts(
  store: Store,
  { url, token }: Settings,
  work: (parts: Working) => Promise<void>,
): Promise<void> {
  const judges = judgesInChildren(judgeProgramOf(realpathSync(process.argv[1] ?? ''), store.at(fetchedFolder)));
  try {
    await work({ store, web: webProgramAt(url, token), judges, setAside: makeSetAside(), now: Date.now });
  } finally {
    await judges.close();
  }
}

/** The keys are read for each round: they may be other ones by now. */
const round = async (parts: Working, queue?: Queue): Promise<RoundReport> =>
  runRound({ ...parts, keys: await openKeys(parts.store, Date.now()) }, queue);

/** Rounds until it is told to stop. */
async function work(store: Store, settings: Settings): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { intervalMs } = settings;
  await withParts(store, settings, (parts) =>
    watch({ web: parts.web, intervalMs, round: (queue) => round(parts, queue), say, stop: stop.signal }),
  );
}

async function init(environment: Environment): Promise<void> {
  await withStore(readStateFolder(environment), async (store) => {
    const fingerprint = await initKeys(store, environment['INDEX_NAME'] ?? 'countersign', Date.now());
    say({ fingerprint, certificate: store.at('index.asc') });
  });
}

async function status(environment: Environment): Promise<void> {
  await withStore(readStateFolder(environment), async (store) => {
    const keys = await openKeys(store, Date.now());
    say({ fingerprint: keys.key.fingerprint, instance: readInstanceState(store) });
  });
}

/** Holds the folder before opening it: opening finishes a commit that was cut off, which nobody may do beside a running process. */
async function withStore(folder: string, job: (store: Store) => Promise<unknown>): Promise<void> {
  makePrivateFolder(folder);
  const hold = await holdFolder(folder);
  try {
    await job(openStore(folder));
  } finally {
    await hold.release();
  }
}

function withSettings(
  environment: Environment,
  job: (store: Store, settings: Settings) => Promise<unknown>,
): Promise<void> {
  const settings = readSettings(environment);
  return withStore(settings.stateFolder, (store) => {
    requireHeldRoot(store, [settings.url, environment['PUBLIC_URL'] ?? '']);
    return job(store, settings);
  });
}

/** Beside a running countersigner, so without holding its folder: one small file, written whole or not at all. */
async function acceptChainOf(environment: Environment, [project, sha256]: readonly string[]): Promise<void> {
  const folder = readStateFolder(environment);
  makePrivateFolder(folder);
  const accepted = { project: readProjectName(project), sha256: readSha256(sha256), now: Date.now() };
  acceptChain((place) => path.join(folder, place), accepted);
  say({ level: 'info', acceptedChain: accepted.project, sha256: accepted.sha256 });
}

const commands: Record<string, (environment: Environment, rest: readonly string[]) => Promise<void>> = {
  init,
  status,
  'accept-chain': acceptChainOf,
  root: (environment, rest) => {
    const given = { indexName: environment['INDEX_NAME'] ?? '', now: Date.now() };
    return withStore(readStateFolder(environment), async (store) => say(rootCommand(store, given, rest)));
  },
  run: async (environment) => withSettings(environment, work),
  once: async (environment) =>
    withSettings(environment, async (store, settings) =>
      withParts(store, settings, async (parts) => say(newsOf(await round(parts)) ?? { level: 'info' })),
    ),
};

const command = commands[process.argv[2] ?? ''];
if (!command) {
  process.stderr.write(
    `Usage: countersigner init | run | once | status | accept-chain PROJECT SHA256 |\n  ${rootUsage}\n`,
  );
  process.exitCode = 2;
} else {
  command(process.env, process.argv.slice(3)).catch((fault: unknown) => {
    process.stderr.write(
      `${isRefusal(fault) ? fault.message : String(fault instanceof Error ? fault.stack : fault)}\n`,
    );
    process.exitCode = isRefusal(fault) ? exitCode[fault.kind] : 70;
  });
}
