// The built programs as processes: one data folder belongs to one process; a kill during the very first initialisation leaves a folder that
// the next start repairs; a signal ends both programs in order, given to npm as well. The long form kills many times.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ask } from '../../scripts/demo/checks.ts';
import { freePort, startInstance } from '../../scripts/instance.mjs';
import { start } from '../../scripts/processes.mjs';
import { rounds } from '../support/long.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-starting-'));
const web = [process.execPath, path.resolve('.build/web.mjs')];
const kills = rounds(3, 20);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = async (data: string) => ({ DATA_DIR: data, PORT: String(await freePort()), NODE_ENV: 'production' });

describe('one data folder', () => {
  it('is refused to a second process, which says who holds it, and serves the first on', async () => {
    const data = path.join(folder, 'held');
    const instance = await startInstance({ dataFolder: data, port: await freePort(), stdio: 'ignore' });
    try {
      const second = await ask(process.execPath, web.slice(1), folder, {
        ...(await settings(data)),
        PUBLIC_URL: instance.publicUrl,
      });
      expect(second.code).not.toBe(0);
      expect(second.text).toContain(`process ${instance.web.child.pid}`);
      expect(second.text).not.toMatch(/\n\s+at /);
      expect((await fetch(`${instance.address}/sign-in`)).status).toBe(200);
    } finally {
      await instance.end();
    }
  });

  it('is let go in order by a signal: both programs end by themselves, and the next start takes it', async () => {
    const data = path.join(folder, 'ended');
    const port = await freePort();
    for (const _ of ['first', 'second']) {
      const instance = await startInstance({ dataFolder: data, port, stdio: 'ignore' });
      const countersigner = instance.countersigner;
      expect(await instance.end()).toBe(0);
      expect(await countersigner?.ended).toBe(0);
    }
  });

  it('is repaired by the next start after a kill during its first initialisation', async () => {
    for (let round = 0; round < kills; round += 1) {
      const data = path.join(folder, `killed-${round}`);
      const child = start(web, { env: await settings(data), stdio: 'ignore' });
      const begun = () => existsSync(data) && readdirSync(data).some((name) => name.startsWith('pg.new-'));
      for (let tries = 0; tries < 2000 && !begun(); tries += 1) await pause(5);
      expect(begun()).toBe(true);
      await pause(round * 40);
      child.child.kill('SIGKILL');
      await child.ended;
      const instance = await startInstance({ dataFolder: data, port: await freePort(), stdio: 'ignore' });
      expect(readdirSync(data).filter((name) => name.startsWith('pg.new-'))).toEqual([]);
      expect(await instance.end()).toBe(0);
    }
  });
});

describe('a script that npm runs', () => {
  // npm hands SIGTERM to the shell between, which ends and leaves what it started.
  it('hears of a signal that npm alone was sent', async () => {
    const place = path.join(folder, 'by-npm');
    mkdirSync(place);
    const processes = pathToFileURL(path.resolve('scripts/processes.mjs')).href;
    const script = `import { writeFileSync } from 'node:fs';
      import { whenNpmEnds } from '${processes}';
      const stay = setInterval(() => undefined, 1000);
      whenNpmEnds(() => (writeFileSync('said', 'ended'), clearInterval(stay)));
      writeFileSync('said', 'runs');`;
    writeFileSync(path.join(place, 'stay.mjs'), script);
    writeFileSync(path.join(place, 'package.json'), JSON.stringify({ scripts: { stay: 'node stay.mjs' } }));
    const said = () => existsSync(path.join(place, 'said')) && readFileSync(path.join(place, 'said'), 'utf8');
    const npm = spawn('npm', ['run', 'stay'], { cwd: place, stdio: 'ignore' });
    await vi.waitUntil(() => said() === 'runs', { timeout: 60_000 });
    npm.kill('SIGTERM');
    await vi.waitUntil(() => said() === 'ended', { timeout: 60_000 });
  });
});
