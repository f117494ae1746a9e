// Opens the runtime of the settings, which applies every missing migration, and closes it again. Refuses, in one sentence, a
// database that another process holds or that a newer version of this program has changed.
import { isRefusal, exitCode } from '#lib/core/errors.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';

try {
  const runtime = await openRuntime(readConfig(process.env));
  console.log(`The ${runtime.databaseKind} database is at the newest migration.`);
  await runtime.close();
} catch (fault) {
  console.error(isRefusal(fault) ? fault.message : fault);
  process.exitCode = isRefusal(fault) ? exitCode[fault.kind] : exitCode.internal;
}
