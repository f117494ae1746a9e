// The jobs program, for instances on PostgreSQL: any number of these may run beside the web programs. With the embedded
// database the loop runs inside the web program, because one process owns the folder.
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import { readConfig } from '#lib/server/config.ts';
import { watchHistory } from '#lib/server/history/watch-history.ts';
import { inspectorOfThisProgram } from '#lib/server/inspector/inspector.ts';
import { openLog } from '#lib/server/log.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { startJobs } from './loop.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  openLog(config.log);
  if (config.databaseUrl === null) {
    console.error(
      'The jobs program needs DATABASE_URL; with the embedded database its loop runs inside the web program.',
    );
    process.exit(exitCode.invalid);
  }
  const runtime = await openRuntime(config, { inspector: inspectorOfThisProgram(config) });
  const jobs = startJobs(runtime);
  // What another process changed (a hand-back that came, a mail that was queued) is worked on at once.
  const stopWatching = await watchHistory(async () => jobs.wake());
  const end = async (): Promise<void> => {
    stopWatching();
    await jobs.stop();
    await runtime.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
}

main().catch((fault: unknown) => {
  console.error(isRefusal(fault) ? fault.message : fault);
  process.exit(isRefusal(fault) ? exitCode[fault.kind] : exitCode.internal);
});
