// Child processes of our scripts: run one to its end, or start one and end it again. Only processes that these scripts
// started are ever signalled, by their own id. Needs nothing but Node: it runs before anything is installed.
import { spawn } from 'node:child_process';
import path from 'node:path';

/** The folder of the repository: every script works from here, wherever it was called. */
export const root = path.join(import.meta.dirname, '..');

/** A program of an installed package, run by this Node without a shell. */
export const tool = (relative) => [process.execPath, path.join(root, 'node_modules', relative)];

/** Runs to the end with our own output; answers the exit code (128 + n where a signal ended it). */
export function run([command, ...args], { env = {}, quiet = false, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}

/** Runs to the end; throws with the sentence where it failed. */
export async function must(command, sentence, options) {
  const code = await run(command, options);
  if (code !== 0) throw new Error(`${sentence} (exit code ${code})`);
}

/** Runs to the end and answers what it printed; null where the program is not there or failed. */
export function outputOf([command, ...args], options = {}) {
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], ...options });
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 ? Buffer.concat(chunks).toString() : null));
  });
}

const parent = process.ppid;

/**
 * Calls `end` when the npm that started this script is gone. npm hands a signal to the shell between alone, and that one ends without a word: what runs here would go
 * on, and hold its data folder. A script that was started without npm may outlive whoever started it.
 */
export function whenNpmEnds(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
}

/** Starts a long-running program; `ended` resolves with its exit code, `end` asks it to stop and insists after a while. */
export function start([command, ...args], { env = {}, stdio = ['ignore', 'inherit', 'inherit'], cwd = root } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 0 : 1)));
  });
  async function end(graceMs = 8000) {
    if (child.exitCode !== null || child.signalCode !== null) return ended;
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
    const code = await ended;
    clearTimeout(insist);
    return code;
  }
  return { child, ended, end };
}
