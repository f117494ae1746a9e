// A backup holds everything but the countersigner, is taken while people go on, and is put back into an empty place with every byte compared; what is damaged or missing is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { makeBackup, openBlobs, type Backup, type Instance } from '#lib/server/backup/make-backup.ts';
import { readManifest, type BackupManifest } from '#lib/server/backup/manifest.ts';
import { moveInstance } from '#lib/server/backup/move-instance.ts';
import { requireEmptyDatabase, requireEmptyFolder, restoreBackup } from '#lib/server/backup/restore-backup.ts';
import { copyTables, digestLines } from '#lib/server/backup/tables.ts';
import { change } from '#lib/server/change.ts';
import { readConfig } from '#lib/server/config.ts';
import type { Database } from '#lib/server/db/client.ts';
import { readMigrations } from '#lib/server/db/migrate.ts';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { openEmptyDatabase } from '../support/database.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cs-backup-'));
const folder = path.join(root, 'backups');
const migrations = readMigrations(migrationsFolder());
let world: TestRuntime;
let countersigner: Countersigner;
let here: Instance;
let backup: Backup;
const opened: Database[] = [];

beforeAll(async () => {
  world = await openTestRuntime();
  countersigner = await startCountersigner();
  await addProject();
  await addDraftRows([ada, bo]);
  await countersigner.round();
  await placeHandbacks();
  here = { config: world.config, database: world.database, files: world.files };
  backup = await makeBackup(here, folder, world.clock.now());
});
afterAll(async () => {
  for (const database of opened) await database.close();
  await countersigner.close();
  await world.close();
  rmSync(root, { recursive: true, force: true });
});

/** Somewhere empty: folder, database, file store. */
async function emptyPlace(name: string): Promise<Instance> {
  const dataFolder = path.join(root, name);
  const database = await openEmptyDatabase();
  opened.push(database);
  const config = readConfig({ DATA_DIR: dataFolder, PUBLIC_URL: world.config.publicUrl });
  return { config, database, files: await openFolderStore(path.join(dataFolder, 'files')) };
}

const restoreTo = async (to: Instance, manifest: BackupManifest = backup.manifest): Promise<void> =>
  restoreBackup(to, { manifest, blobs: await openBlobs(folder), migrations });

const tablesOf = (database: Database) => database.script((script) => copyTables(script, digestLines));

async function filesBelow(place: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [path.relative(place, file), readFileSync(file)]));
}

describe('a backup', () => {
  it('is put back into an empty place with every row, file, page and secret as it was', async () => {
    const there = await emptyPlace('restored');
    requireEmptyFolder(readConfig({ DATA_DIR: path.join(root, 'another') }));
    await requireEmptyDatabase(there.database);
    await restoreTo(there);
    expect(await tablesOf(there.database)).toEqual(backup.manifest.tables);
    expect(backup.manifest.tables.find(({ name }) => name === 'PublishedFile')?.rows).toBe(2);
    expect(await filesBelow(path.join(there.config.dataFolder, 'index'))).toEqual(
      await filesBelow(path.join(world.config.dataFolder, 'index')),
    );
    const { sha256 } = await world.db.publishedFile.findFirstOrThrow();
    expect(await there.files.read(readSha256(sha256))).toEqual(await world.files.read(readSha256(sha256)));
    for (const name of ['handoff-token', 'session-secret', 'operator-secret', 'countersigner/index.asc']) {
      const file = path.join(there.config.dataFolder, name);
      expect(readFileSync(file)).toEqual(readFileSync(path.join(world.config.dataFolder, name)));
      expect(statSync(file).mode & 0o077).toBe(0);
    }
  });

  it('goes on where it ended: what is written next has the next number', async () => {
    const [there] = opened;
    const newest = await world.db.historyEntry.aggregate({ _max: { id: true } });
    const made = await there?.client.historyEntry.create({
      data: { at: world.clock.now(), actor: '(jobs)', kind: 'draft.expired', via: 'jobs', details: {} },
    });
    expect(made?.id).toBe((newest._max.id ?? 0n) + 1n);
  });

  it('never holds a key of the countersigner', async () => {
    const secret = readFileSync(path.join(world.config.dataFolder, 'countersigner', 'index-private.asc'));
    for (const bytes of (await filesBelow(folder)).values()) expect(bytes.equals(secret)).toBe(false);
  });

  it('shares what did not change with the one before it', async () => {
    world.advance(60_000);
    const again = await makeBackup(here, folder, world.clock.now());
    expect(again.copied).toBe(0);
    expect(again.manifest.tables).toEqual(backup.manifest.tables);
    expect(again.name).not.toBe(backup.name);
    expect((await readManifest(folder, null)).at).toBe(again.manifest.at);
    expect(await readManifest(folder, backup.name)).toEqual(backup.manifest);
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const before = await world.db.historyEntry.count();
    const [taken] = await Promise.all([
      makeBackup(here, path.join(root, 'busy'), world.clock.now()),
      ...Array.from({ length: 10 }, () => change({ kind: 'jobs' }, 'jobs', ({ record }) => record('draft.expired'))),
    ]);
    const rows = taken.manifest.tables.find(({ name }) => name === 'HistoryEntry')?.rows ?? 0;
    expect(rows).toBeGreaterThanOrEqual(before);
    const there = await emptyPlace('of-one-moment');
    await restoreBackup(there, {
      ...{ manifest: taken.manifest, blobs: await openBlobs(path.join(root, 'busy')), migrations },
    });
    expect(await tablesOf(there.database)).toEqual(taken.manifest.tables);
  });
});

describe('nothing is put back', () => {
  it('over something: not into a folder, not into a database', async () => {
    expect(() => requireEmptyFolder(world.config)).toThrow(/empty place/);
    await expectRefusal(() => requireEmptyDatabase(world.database), 'backup.not-empty');
  });

  it('from a newer program', async () => {
    const newer = { ...backup.manifest, migrations: [...backup.manifest.migrations, '29990101000000_later'] };
    const there = await emptyPlace('older-program');
    await expect(restoreTo(there, newer)).rejects.toMatchObject({ code: 'backup.other-program' });
    expect(existsSync(path.join(there.config.dataFolder, 'index'))).toBe(false);
  });

  it('of rows that are not what the backup says: the database stays without any', async () => {
    const tables = backup.manifest.tables.map((table) => (table.name === 'Person' ? { ...table, rows: 99 } : table));
    const there = await emptyPlace('other-rows');
    await expect(restoreTo(there, { ...backup.manifest, tables })).rejects.toMatchObject({ code: 'backup.not-equal' });
    expect(await there.database.client.person.count()).toBe(0);
  });

  it('of a file whose bytes were changed in the backup', async () => {
    const damaged = path.join(root, 'damaged');
    const taken = await makeBackup(here, damaged, world.clock.now());
    const [sha256 = ''] = taken.manifest.files;
    const found = [...(await filesBelow(path.join(damaged, 'blobs'))).keys()].find((name) => name.endsWith(sha256));
    writeFileSync(path.join(damaged, 'blobs', found ?? ''), 'other bytes');
    const there = await emptyPlace('of-damaged');
    const work = restoreBackup(there, { manifest: taken.manifest, blobs: await openBlobs(damaged), migrations });
    await expect(work).rejects.toMatchObject({ code: 'upload.digest-differs' });
  });

  it('that is no backup, or is not there', async () => {
    writeFileSync(path.join(root, 'backup-2026-01-01T00-00-00Z.json'), '{"type":"countersign/backup","format":2}');
    await expect(readManifest(root, null)).rejects.toMatchObject({ code: 'backup.unreadable' });
    await expect(readManifest(folder, '../x.json')).rejects.toMatchObject({ code: 'backup.none' });
    await expect(readManifest(path.join(root, 'nowhere'), null)).rejects.toMatchObject({ code: 'backup.none' });
  });
});

it('is refused where the store lacks a file that rows name', async () => {
  const incomplete = await openFolderStore(path.join(root, 'incomplete'));
  await incomplete.receive(Readable.from([Buffer.from('something else')]), { bytesMax: 100 });
  const work = makeBackup({ ...here, files: incomplete }, path.join(root, 'lacking'), world.clock.now());
  await expect(work).rejects.toMatchObject({ code: 'backup.file-missing' });
  await expect(readManifest(path.join(root, 'lacking'), null)).rejects.toMatchObject({ code: 'backup.none' });
});

it('a move copies rows and files, compares them, and leaves the source as it was', async () => {
  const there = await emptyPlace('moved');
  const before = await tablesOf(world.database);
  // The data folder of the test has no embedded database in it, which is where the mark would go.
  const from = { ...world.database, kind: 'postgres' as const };
  const sides = { from: { database: from, files: world.files }, to: there };
  const moved = await moveInstance(world.config, sides, { migrations, now: world.clock.now() });
  expect(moved).toMatchObject({ tables: before.length, files: backup.manifest.files.length });
  expect(await tablesOf(there.database)).toEqual(before);
  expect(await tablesOf(world.database)).toEqual(before);
  await expect(moveInstance(world.config, sides, { migrations, now: world.clock.now() })).rejects.toMatchObject({
    code: 'backup.not-empty',
  });
});
