// What every command and query works with: database, settings, clock, files, secrets. Opened once per process by the
// program (open-runtime.ts) and kept in globalThis, because Next bundles a second copy of this module: that copy reads
// what the program opened. Nothing opens at import.
import type { IndexName } from '#lib/core/ids.ts';
import type { OpenApi } from './api/openapi.ts';
import type { ClientProgram } from './client-program.ts';
import type { Documents } from './documents.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { PrismaClient } from './db/generated/client.ts';
import type { FileStore } from './files/store.ts';
import type { Inspector } from './inspector/inspector.ts';
import type { MailKey } from './mail/mail-key.ts';
import type { Secrets } from './secrets.ts';

export type Runtime = {
  db: PrismaClient;
  databaseKind: 'embedded' | 'postgres';
  config: Config;
  secrets: Secrets;
  /** What signs mail; null: nothing does. */
  mailKey: MailKey | null;
  clock: Clock;
  files: FileStore;
  /** Who opens uploaded archives. */
  inspector: Inspector;
  indexName: IndexName;
  /** What people may download to check releases with; null: this program has none to offer. */
  client: ClientProgram | null;
  /** The addresses for programs, as this program answers them; null: it answers none. */
  api: OpenApi | null;
  /** What people read below /docs. */
  documents: Documents;
  /** Called after a committed change of this process: its jobs loop listens, and whoever waits at the hand-over. */
  wake: { jobs(): void; handoff(): void };
  /** Only tests set it: waits at a named point, so that races are made without sleeping. */
  hold?: (point: string) => Promise<void>;
  close(): Promise<void>;
};

const key = Symbol.for('countersign.runtime');
const place = globalThis as { [key]?: Runtime };

/** The runtime of this process. Using it before the program opened it is a mistake of ours, not a refusal. */
export function runtime(): Runtime {
  const opened = place[key];
  if (!opened) throw new Error('The runtime is not open: web/main.ts or jobs/main.ts opens it before anything else.');
  return opened;
}

/** Keeps the runtime for every copy of this module; one per process. */
export function keepRuntime(opened: Runtime): void {
  if (place[key]) throw new Error('The runtime is already open in this process.');
  place[key] = opened;
}

/** Forgets it, at the end of the process or of a test. */
export function dropRuntime(opened: Runtime): void {
  if (place[key] === opened) delete place[key];
}

/** True where this process has one open. */
export const hasRuntime = (): boolean => place[key] !== undefined;
