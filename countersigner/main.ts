// The countersigner program: `init` makes the index key, `run` works round after round, `once` one round, `status` says where it stands,
// `accept-chain` lets a project that lost its keys begin anew, `hand-over-all` writes what a restored web program needs, `root` changes the TUF root, `rotate` the index key or the key of the log. It listens on no port and knows no database; settings come from the environment. Told to stop, it ends
// between rounds, and whatever stops it in the middle of one is finished by the next start.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { exitCode, isRefusal, refuse } from '#lib/core/errors.ts';
import { readProjectName, readSha256 } from '#lib/core/ids.ts';
import { acceptChain } from './accept-chain.ts';
import { counting, countSigned, requireCounted } from './counter.ts';
import { fetchedFolder } from './fetched-files.ts';
import { handOverAll } from './hand-over-all.ts';
import { holdFolder } from './hold-folder.ts';
import { readKeyPlace } from './index-signer.ts';
import { judgeProgramOf, judgesInChildren } from './judges/in-children.ts';
import { makeSetAside } from './judges/set-aside.ts';
import { initKeys, openKeys } from './keys.ts';
import { rememberRound } from './last-round.ts';
import { rotateIndexKey, rotateLogKey } from './rotate.ts';
import { runRound } from './round.ts';
import type { RoundParts, RoundReport } from './round-parts.ts';
import {
  readCounterFile,
  readIndexKeyWish,
  readSettings,
  readStateFolder,
  type Environment,
  type Settings,
} from './settings.ts';
import { statusOf } from './status.ts';
import { makePrivateFolder, openStore, openStoreToRead, writeDurably, type Store } from './store.ts';
import { requireHeldRoot } from './tuf/root.ts';
import { rootCommand, rootUsage } from './tuf/root-commands.ts';
import { newsOf, watch } from './watch.ts';
import { webProgramAt, type Queue } from './web-program.ts';

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

type Working = Pick<RoundParts, 'store' | 'web' | 'judges' | 'setAside' | 'now'>;

/** What lives longer than a round. Whatever is hostile is opened in child processes. */
async function withParts(
  store: Store,
  { url, token, counterFile }: Settings,
  work: (parts: Working) => Promise<void>,
): Promise<void> {
  const judges = judgesInChildren(judgeProgramOf(realpathSync(process.argv[1] ?? ''), store.at(fetchedFolder)));
  try {
    const web = counting(webProgramAt(url, token), store, counterFile);
    await work({ store, web, judges, setAside: makeSetAside(), now: Date.now });
  } finally {
    await judges.close();
  }
}

/** The keys are read for each round: they may be other ones by now. */
const round = async (parts: Working, { indexKey, counterFile }: Settings, queue?: Queue): Promise<RoundReport> =>
  rememberRound(parts.store, Date.now(), async () => {
    requireCounted(parts.store, counterFile);
    return runRound({ ...parts, keys: await openKeys(parts.store, Date.now(), indexKey) }, queue);
  });

/** Rounds until it is told to stop. */
async function work(store: Store, settings: Settings): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { intervalMs } = settings;
  await withParts(store, settings, (parts) =>
    watch({ web: parts.web, intervalMs, round: (queue) => round(parts, settings, queue), say, stop: stop.signal }),
  );
}

async function init(environment: Environment): Promise<void> {
  await withStore(readStateFolder(environment), async (store) => {
    const name = environment['INDEX_NAME'] ?? 'countersign';
    const fingerprint = await initKeys(store, name, Date.now(), readIndexKeyWish(environment));
    say({ fingerprint, certificate: store.at('index.asc') });
  });
}

/** Beside a running countersigner, so without holding its folder. */
async function status(environment: Environment): Promise<void> {
  const found = await statusOf(openStoreToRead(readStateFolder(environment)), Date.now());
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}

/** `rotate index-key [file | gpg:FINGERPRINT]`, `rotate log-key`: while the countersigner is stopped. */
async function rotate(environment: Environment, [which = '', place = 'file']: readonly string[]): Promise<void> {
  if (which !== 'index-key' && which !== 'log-key')
    throw refuse('input.not-a', { what: 'a key that can be changed (index-key, log-key)', claimed: which });
  await withStore(readStateFolder(environment), async (store) => {
    const now = Date.now();
    const isIndex = which === 'index-key';
    say({
      changed: which,
      ...(isIndex ? await rotateIndexKey(store, readKeyPlace(place), now) : await rotateLogKey(store, now)),
    });
  });
}

/** `hand-over-all FILE`: while the countersigner is stopped. The file is public: every byte of it was, or will be, served. */
async function handOver(environment: Environment, [file]: readonly string[]): Promise<void> {
  if (file === undefined) throw refuse('input.missing', { field: 'the file to write' });
  await withStore(readStateFolder(environment), async (store) => {
    const counterFile = readCounterFile(environment);
    requireCounted(store, counterFile);
    const now = Date.now();
    const keys = await openKeys(store, now, readIndexKeyWish(environment));
    const { sequence, sha256, bytes } = await handOverAll(store, keys, now);
    countSigned(store, counterFile);
    writeDurably(path.resolve(file), bytes, 0o644);
    say({ handBack: sequence, sha256, file: path.resolve(file) });
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
  rotate,
  'accept-chain': acceptChainOf,
  'hand-over-all': handOver,
  root: (environment, rest) => {
    const given = { indexName: environment['INDEX_NAME'] ?? '', now: Date.now() };
    return withStore(readStateFolder(environment), async (store) => say(rootCommand(store, given, rest)));
  },
  run: async (environment) => withSettings(environment, work),
  once: async (environment) =>
    withSettings(environment, async (store, settings) =>
      withParts(store, settings, async (parts) => say(newsOf(await round(parts, settings)) ?? { level: 'info' })),
    ),
};

const command = commands[process.argv[2] ?? ''];
if (!command) {
  process.stderr.write(
    `Usage: countersigner init | run | once | status | accept-chain PROJECT SHA256 | hand-over-all FILE |\n  rotate index-key [file | gpg:FINGERPRINT] | rotate log-key |\n  ${rootUsage}\n`,
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
