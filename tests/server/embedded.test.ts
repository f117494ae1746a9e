// The embedded folder: one owner at a time, stale locks taken over, killed first starts repaired, one runtime a process.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { openEmbeddedFolder } from '#lib/server/db/embedded.ts';
import { lockFolder } from '#lib/server/db/embedded-lock.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { runtime } from '#lib/server/runtime.ts';

const at = new Date('2026-11-22T09:00:00Z');
let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-embedded-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that runs this code with `folder` as its argument and says a line when it is done. */
async function otherProcess(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const { stdout } = child;
  if (!stdout) throw new Error('no output to read');
  await once(stdout, 'data');
  return child;
}

const holdLock = `
  const { lockFolder } = await import('#lib/server/db/embedded-lock.ts');
  await lockFolder(process.argv[1], new Date('2026-11-22T08:00:00Z'));
  console.log('held');
  setInterval(() => {}, 1000);`;

describe('the lock of the data folder', () => {
  it('refuses a second process at once and says who holds it since when', async () => {
    const holder = await otherProcess(holdLock);
    await expect(lockFolder(folder, at)).rejects.toMatchObject({
      code: 'database.held',
      details: { pid: holder.pid, startedAt: '2026-11-22T08:00:00.000Z' },
    });
  });

  it('is free again after the holder was killed, and the dead socket is gone', async () => {
    const holder = await otherProcess(holdLock);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = await lockFolder(folder, at);
    expect(readdirSync(path.join(folder, 'lock'))).toHaveLength(1);
    await lock.release();
    expect(readdirSync(path.join(folder, 'lock'))).toEqual([]);
  });

  it('is never stolen from a process that is stopped and does not answer', async () => {
    const holder = await otherProcess(holdLock);
    holder.kill('SIGSTOP');
    await expect(lockFolder(folder, at)).rejects.toMatchObject({ code: 'database.held-by-silent' });
  });

  it('goes to exactly one of many that start at once', async () => {
    const tried = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder, at)));
    const held = tried.filter((one) => one.status === 'fulfilled');
    expect(held).toHaveLength(1);
    for (const one of held) await one.value.release();
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = path.join(folder, 'x'.repeat(120));
    mkdirSync(deep);
    const lock = await lockFolder(deep, at);
    await expect(lockFolder(deep, at)).rejects.toMatchObject({ code: 'database.held' });
    await lock.release();
    await (await lockFolder(deep, at)).release();
  });
});

describe('the embedded database', () => {
  it('keeps its rows from one start to the next', async () => {
    const first = await openEmbeddedFolder(folder, at);
    await first.script((script) => script.run('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)'));
    await first.close();
    const second = await openEmbeddedFolder(folder, at);
    expect(await second.script((script) => script.rows('SELECT n FROM kept'))).toEqual([{ n: 7 }]);
    await second.close();
  });

  it('killed during its first initialisation opens at the next start', async () => {
    const child = await otherProcess(`
      const { watch } = await import('node:fs');
      const { openEmbeddedFolder } = await import('#lib/server/db/embedded.ts');
      watch(process.argv[1], (_, name) => { if (name?.startsWith('pg.new-')) setTimeout(() => console.log('begun'), 150); });
      await openEmbeddedFolder(process.argv[1], new Date());
      setInterval(() => {}, 1000);`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const database = await openEmbeddedFolder(folder, at);
    expect(await database.script((script) => script.rows('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    expect(readdirSync(folder).filter((name) => name.startsWith('pg.new-'))).toEqual([]);
    await database.close();
  });

  it('of another PostgreSQL is refused before anything touches it', async () => {
    mkdirSync(path.join(folder, 'pg', 'cluster'), { recursive: true });
    writeFileSync(path.join(folder, 'pg', 'version.json'), '{"format":1,"postgres":"17"}');
    writeFileSync(path.join(folder, 'pg', 'cluster', 'PG_VERSION'), '17\n');
    await expect(openEmbeddedFolder(folder, at)).rejects.toMatchObject({
      code: 'database.other-version',
      details: { found: '17' },
    });
    expect(readdirSync(path.join(folder, 'pg', 'cluster'))).toEqual(['PG_VERSION']);
    await (await lockFolder(folder, at)).release();
  });
});

describe('the runtime', () => {
  const config = () => readConfig({ DATA_DIR: folder, INDEX_NAME: 'sign.example.org' });

  it('is opened once a process: a second opening is refused, and every copy of the code sees the first', async () => {
    const first = await openRuntime(config());
    await expect(openRuntime(config())).rejects.toThrow(/already open in this process/);
    const key = Symbol.for('countersign.runtime');
    expect((globalThis as { [key]?: unknown })[key]).toBe(first);
    expect(runtime()).toBe(first);
    await first.close();
    expect(() => runtime()).toThrow(/not open/);
  });

  it('keeps the name of the index and refuses another one', async () => {
    await (await openRuntime(config())).close();
    const renamed = { ...config(), indexName: readConfig({ INDEX_NAME: 'other.example.org' }).indexName };
    await expect(openRuntime(renamed)).rejects.toMatchObject({ code: 'config.other-index-name' });
    const again = await openRuntime(config());
    expect(again.indexName).toBe('sign.example.org');
    await again.close();
  });

  it('makes its secrets at the first start, for its own account only, and keeps them', async () => {
    const first = await openRuntime(config());
    const { secrets } = first;
    await first.close();
    expect(Object.values(secrets).every((secret) => secret.length === 43)).toBe(true);
    expect(existsSync(path.join(folder, 'handoff-token'))).toBe(true);
    const again = await openRuntime(config());
    expect(again.secrets).toEqual(secrets);
    await again.close();
  });
});
