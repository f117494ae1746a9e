// One backup of an instance while it runs (PostgreSQL) or stands still (the embedded database belongs to one process): rows as of one moment, the files that they name, the index
// tree of the same moment, and the secrets of the data folder. Never the countersigner's folder: put back, it would be a rewind (docs/guide/backup.md). Holds up publications while
// rows and pages are copied, and nothing else.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSha256, renderInstant, type Sha256 } from '#lib/core/ids.ts';
import type { Config } from '#lib/server/config.ts';
import type { Database, Script } from '#lib/server/db/client.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { programVersion } from '#lib/server/program-version.ts';
import { copyAll } from './copy-files.ts';
import { writeManifest, type BackupManifest } from './manifest.ts';
import { copyTables, type Lines } from './tables.ts';
import { keepTree, type TreePlace } from './tree.ts';

export type Instance = { config: Config; database: Database; files: FileStore };
export type Backup = { name: string; manifest: BackupManifest; copied: number };

const bytesMax = Number.MAX_SAFE_INTEGER;
const treeLock = 'SELECT pg_advisory_xact_lock(6962)::text';

/** Where the bytes of a backup folder are. */
export const openBlobs = (folder: string): Promise<FileStore> => openFolderStore(path.join(folder, 'blobs'));

/** The files of the data folder that no settings replace, and the keys that the settings name. */
export const secretPlaces = ({ dataFolder, mailSigningKeyFile, indexKeyFile }: Config): Map<string, string> =>
  new Map([
    ...['handoff-token', 'session-secret', 'mailbox-secret', 'operator-secret', 'webhook-key'].map(
      (name): [string, string] => [name, path.join(dataFolder, name)],
    ),
    ...(mailSigningKeyFile === null ? [] : ([['mail-signing-key', mailSigningKeyFile]] as [string, string][])),
    ['index.asc', indexKeyFile],
  ]);

/**
 * Writes a backup into the folder, beside those that are there. Refuses `backup.file-missing` where rows name a file that the store does not have; nothing that looks
 * like a backup is left then.
 */
export async function makeBackup({ config, database, files }: Instance, folder: string, now: Date): Promise<Backup> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const blobs = await openBlobs(folder);
  const before = await copyAll(files, blobs, []);
  const { rows, tree } = await atOneMoment(database, async (script) => ({
    rows: await copyRows(script, blobs),
    tree: await keepTree(path.join(config.dataFolder, 'index'), blobs),
  }));
  const after = await copyAll(files, blobs, rows.named);
  const manifest: BackupManifest = {
    ...{
      type: 'countersign/backup',
      format: 1,
      at: renderInstant(now.getTime()),
      index: rows.index,
      program: programVersion(),
    },
    ...{ migrations: rows.migrations, tables: rows.tables, files: after.files, tree },
    secrets: await keepSecrets(config, blobs),
  };
  return { name: await writeManifest(folder, manifest), manifest, copied: before.copied + after.copied };
}

type Rows = Pick<BackupManifest, 'tables' | 'migrations' | 'index'> & { named: Sha256[] };
type Moment = { rows: Rows; tree: TreePlace[] };

/** One snapshot of all rows, with nothing put into the tree before its end. The lock is held by another transaction: a snapshot that waits for it would be too old. */
function atOneMoment(database: Database, work: (script: Script) => Promise<Moment>): Promise<Moment> {
  const inSnapshot = (): Promise<Moment> =>
    database.script(async (script) => {
      await script.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return work(script);
    });
  if (database.kind === 'embedded') return inSnapshot();
  return database.script(async (holder) => {
    await holder.rows(treeLock);
    return inSnapshot();
  });
}

/** Rows into the store, and what they say that the rest of a backup needs. */
export async function copyRows(script: Script, blobs: FileStore): Promise<Rows> {
  const keep = async (lines: Lines): Promise<Sha256> => (await blobs.receive(lines, { bytesMax })).sha256;
  const tables = await copyTables(script, keep);
  const migrations = await script.rows(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name',
  );
  const [instance] = await script.rows('SELECT "indexName" AS name FROM "Instance"');
  return {
    ...{ tables, index: String(instance?.name ?? '') },
    migrations: migrations.map((row) => String(row.name)),
    named: await namedFiles(script),
  };
}

/** What must be in the file store: files of drafts and releases, and uploads that are complete. */
export async function namedFiles(script: Script): Promise<Sha256[]> {
  const rows = await script.rows(
    `SELECT sha256 FROM "DraftFile" UNION SELECT sha256 FROM "PublishedFile"
     UNION SELECT sha256 FROM "FileUpload" WHERE "storedAt" IS NOT NULL ORDER BY 1`,
  );
  return rows.map((row) => readSha256(String(row.sha256)));
}

async function keepSecrets(config: Config, blobs: FileStore): Promise<BackupManifest['secrets']> {
  const kept: BackupManifest['secrets'] = [];
  for (const [name, file] of secretPlaces(config)) {
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) continue;
    async function* once(): Lines {
      yield bytes ?? Buffer.alloc(0);
    }
    kept.push({ name, sha256: (await blobs.receive(once(), { bytesMax })).sha256 });
  }
  return kept;
}
