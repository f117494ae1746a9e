// How long `npm start` takes until people can use it, first and second time on one data folder (packages installed, pages built).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { freePort } from '../instance.mjs';
import type { Row } from './table.ts';

async function secondsUntilReady(dataFolder: string): Promise<number> {
  const started = performance.now();
  const port = await freePort();
  const child = spawn('npm', ['start'], {
    env: { ...process.env, DATA_DIR: dataFolder, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Countersign is running')) resolve();
    });
  });
  await Promise.race([ready, ended]);
  const seconds = (performance.now() - started) / 1000;
  // npm and what it started are one process group of their own.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await ended;
  return said.includes('Countersign is running') ? seconds : Number.NaN;
}

/** Rows of the table for starting. */
export async function measureStarts(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-start-'));
  try {
    const first = await secondsUntilReady(folder);
    const second = await secondsUntilReady(folder);
    return [
      { what: 'npm start, new data folder, already built', figure: `${first.toFixed(1)} s`, goal: '' },
      { what: 'npm start, second time', figure: `${second.toFixed(1)} s`, goal: '< 5 s' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
