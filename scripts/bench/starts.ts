// How long `npm start` takes until people can use it, first and second time on one data folder (packages installed, pages built).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { freePort } from '../instance.mjs';
import type { Row } from './table.ts';

async function secondsUntilReady(dataFolder: string, port: number): Promise<number> {
  const started = performance.now();
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
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  await ended;
  return said.includes('Countersign is running') ? seconds : Number.NaN;
}

/** Rows of the table for starting. */
export async function measureStarts(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-start-'));
  try {
    // The name of the index is fixed at the first start and contains the port.
    const port = await freePort();
    const first = await secondsUntilReady(folder, port);
    const second = await secondsUntilReady(folder, port);
    return [
      { what: 'npm start, new data folder, already built', figure: `${first.toFixed(1)} s`, goal: '' },
      { what: 'npm start, second time', figure: `${second.toFixed(1)} s`, goal: '< 5 s' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
