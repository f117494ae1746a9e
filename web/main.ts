// The web program, as a table of contents: settings, runtime, routes, server, an orderly end.
// Holds the database, the files and the mail password; holds no index key, so it can withhold a release but never publish one.
// Refuses to start with settings it cannot read, with a data folder that another process has open, or for a public address on the development root; says
// so in one sentence and ends.

import { join } from 'node:path';
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import { readClientProgram } from '#lib/server/client-program.ts';
import { readConfig } from '#lib/server/config.ts';
import { startJobs } from '#jobs/loop.ts';
import { followSteps } from '#jobs/steps.ts';
import { watchHistory } from '#lib/server/history/watch-history.ts';
import { endWaiting } from '#lib/server/handoff/await-queue.ts';
import { doors } from '#lib/server/api/doors.ts';
import { openApiDocument } from '#lib/server/api/openapi.ts';
import { readDocuments } from '#lib/server/documents.ts';
import { authEnvironment } from '#lib/server/http/session.ts';
import { inspectorOfThisProgram } from '#lib/server/inspector/inspector.ts';
import { requireHeldRootInPlace } from '#lib/server/handoff/held-root.ts';
import { openLog } from '#lib/server/log.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { endReadiness } from './health.ts';
import { endStreams } from './live.ts';
import { startWeb } from './server.ts';
import { ownRoutes } from './routes.ts';

/** Both `web/main.ts` and the bundled `.build/web.mjs` lie one folder below the program. */
const programFolder = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const config = readConfig(process.env);
  openLog(config.log);
  await requireHeldRootInPlace(config);
  const documents = readDocuments(join(programFolder, 'docs'));
  const client = readClientProgram(join(programFolder, '.build', 'countersign.mjs'));
  const inspector = inspectorOfThisProgram(config);
  const runtime = await openRuntime(config, { client, documents, api: openApiDocument(doors, config), inspector });
  // next-auth reads its address from the environment only; it must be ours, never the request's.
  Object.assign(process.env, authEnvironment());
  const web = await startWeb({
    publicUrl: config.publicUrl,
    host: config.host,
    port: config.port,
    dev: process.argv.includes('--dev'),
    programFolder,
    indexFolder: join(config.dataFolder, 'index'),
    assetsFolder: join(programFolder, '.build', 'browser'),
    routes: ownRoutes(),
  });
  // With PostgreSQL the jobs program is a process of its own; the embedded database belongs to this process alone.
  const jobs =
    config.databaseUrl === null ? startJobs(runtime) : config.indexFollow ? startJobs(runtime, followSteps) : null;
  const stopWatching = config.indexFollow ? await watchHistory(async () => jobs?.wake()) : null;
  console.log(`Countersign answers at ${config.publicUrl}`);
  endOrderly(async () => {
    endReadiness();
    endStreams();
    endWaiting();
    await web.close(config.shutdownSeconds * 1000);
    stopWatching?.();
    await jobs?.stop();
    await runtime.close();
  });
}

/** SIGTERM and SIGINT: not ready any more, stop listening, finish what runs (uploads too, for SHUTDOWN_SECONDS), close the database last. A second signal ends at once. */
function endOrderly(close: () => Promise<void>): void {
  let isEnding = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      isEnding = true;
      close().then(
        () => process.exit(0),
        (fault: unknown) => tellAndEnd(fault),
      );
    });
  }
}

function tellAndEnd(fault: unknown): never {
  if (isRefusal(fault)) {
    console.error(fault.message);
    process.exit(exitCode[fault.kind]);
  }
  console.error(fault);
  process.exit(exitCode.internal);
}

main().catch(tellAndEnd);
