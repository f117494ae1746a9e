// Where the two sides of a race run: on PostgreSQL in two app processes of their own, on the embedded database (which belongs to one process) both
// in this one. Either way `hold` is asked at every hold point that is reached, and nobody goes on before it answers.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { isRefusal } from '#lib/core/errors.ts';
import type { Config } from '#lib/server/config.ts';
import { databaseKind } from './database.ts';
import type { FromApp, ToApp } from './app-process.ts';
import { runHere, type Ready } from './race-commands.ts';
import type { TestRuntime } from './runtime.ts';

/** `done`, or the code of the refusal. */
export type Ended = { answer: string; result: unknown };
export type Hold = (point: string) => Promise<void>;

export type Apps = {
  run(app: 0 | 1, ready: Ready): Promise<Ended>;
  hold: Hold;
  close(): Promise<void>;
};

const nobodyWaits: Hold = async () => undefined;

/** Opens them beside the runtime of the test, which has the same database and data folder. */
export const openApps = (runtime: TestRuntime): Promise<Apps> =>
  databaseKind() === 'postgres' ? openProcesses(runtime) : Promise.resolve(inThisProcess(runtime));

function inThisProcess(runtime: TestRuntime): Apps {
  const apps: Apps = {
    hold: nobodyWaits,
    run: (_, ready) => {
      runtime.hold = (point) => apps.hold(point);
      return runHere(ready).then(
        (result) => ({ answer: 'done', result }),
        (fault: unknown) => {
          if (!isRefusal(fault)) throw fault;
          return { answer: fault.code, result: null };
        },
      );
    },
    close: async () => undefined,
  };
  return apps;
}

async function openProcesses(runtime: TestRuntime): Promise<Apps> {
  const children = [await openProcess(runtime, () => apps.hold), await openProcess(runtime, () => apps.hold)] as const;
  const apps: Apps = {
    hold: nobodyWaits,
    run: (app, ready) => children[app].run(ready),
    close: async () => {
      await Promise.all(children.map((child) => child.close()));
    },
  };
  return apps;
}

type Child = { run(ready: Ready): Promise<Ended>; close(): Promise<void> };

async function openProcess({ config, clock }: TestRuntime, hold: () => Hold): Promise<Child> {
  const file = path.join(import.meta.dirname, 'app-process.ts');
  const child = fork(file, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const say = (message: ToApp): void => void child.send(message);
  const ending = new Map<number, (ended: Ended) => void>();
  let opened: () => void = () => undefined;
  let runs = 0;
  child.on('message', (message: FromApp) => {
    if (message.kind === 'opened') opened();
    if (message.kind === 'ended') ending.get(message.id)?.({ answer: message.code ?? 'done', result: message.result });
    if (message.kind === 'reached') void hold()(message.point).then(() => say({ kind: 'pass', id: message.id }));
  });
  const { dataFolder, publicUrl, indexName, databaseUrl } = config;
  const environment = { DATA_DIR: dataFolder, PUBLIC_URL: publicUrl, INDEX_NAME: indexName, ...bucketOf(config) };
  await new Promise<void>((resolve, reject) => {
    opened = resolve;
    child.once('exit', () => reject(new Error('An app process ended before it was open.')));
    say({
      kind: 'open',
      environment: { ...environment, DATABASE_URL: databaseUrl ?? '' },
      now: clock.now().getTime(),
    });
  });
  return {
    run: (ready) =>
      new Promise((resolve) => {
        runs += 1;
        ending.set(runs, resolve);
        say({ kind: 'run', id: runs, ready, now: clock.now().getTime() });
      }),
    close: () => endOf(child, () => say({ kind: 'close' })),
  };
}

/** The same bucket as the test's own; copies lie in a data folder that they share. */
function bucketOf({ filesBucket, bucketKeys }: Config): Record<string, string> {
  if (filesBucket === null || bucketKeys === null) return {};
  const { origin, pathname } = new URL(filesBucket.base);
  const FILES_URL = `s3:/${pathname}/${filesBucket.prefix}?endpoint=${origin}&region=${filesBucket.region}`;
  const { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY } = bucketKeys;
  return { FILES_URL, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY };
}

const endOf = (child: ChildProcess, end: () => void): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    end();
  });
