// Hashing 1 GB in Chromium with the worker that the pages use, against the floor as performance.md (section 3) has it: a worker that reads the same
// file as a stream and does nothing with it, a new browser for every run. The longest gap between two turns of the page's own thread is measured
// along. A page of nothing but these two, from a server of our own. The two take turns and the ratio is formed inside a round, because a single
// round on a busy machine says more about the machine (1.7 and 5.2 were seen).
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { openBrowser } from '../demo/chromium.ts';
import { freePort } from '../instance.mjs';
import { root } from '../processes.mjs';
import type { Row } from './table.ts';

const script = `
import { hashFile } from '#lib/browser/hash-file.ts';
const read = (file) => new Promise((resolve, reject) => {
  const worker = new Worker('/read-worker.js');
  worker.onerror = reject;
  worker.onmessage = () => { worker.terminate(); resolve(); };
  worker.postMessage(file);
});
const file = () => document.querySelector('input').files[0];
async function timed(work) {
  let [longest, last] = [0, performance.now()];
  const turn = setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 4);
  const started = performance.now();
  await work();
  clearInterval(turn);
  return { ms: performance.now() - started, longest };
}
globalThis.floor = () => timed(() => read(file()));
globalThis.hashed = () => timed(() => hashFile({ name: 'large.bin', from: file() }));`;

const readWorker = `
onmessage = async ({ data: file }) => {
  for (const reader = file.stream().getReader(); !(await reader.read()).done;);
  postMessage('read');
};`;

type Timed = { ms: number; longest: number };
type Round = { floor: Timed; hashed: Timed };

const megabytes = 1000;
const rounds = 5;
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function writeLarge(file: string): void {
  const block = randomFillSync(Buffer.alloc(1_000_000));
  const handle = openSync(file, 'w');
  for (let count = 0; count < megabytes; count += 1) writeSync(handle, block);
  closeSync(handle);
}

async function serve(port: number): Promise<Server> {
  const bundled = await build({
    stdin: { contents: script, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const page = bundled.outputFiles[0]?.text ?? '';
  const worker = readFileSync(path.join(root, '.build/browser/hash-worker.js'));
  const server = createServer((req, res) => {
    const isScript = req.url?.endsWith('.js') === true;
    res.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    if (req.url === '/assets/hash-worker.js') res.end(worker);
    else if (req.url === '/read-worker.js') res.end(readWorker);
    else res.end(isScript ? page : '<!doctype html><input type="file"><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function measureOnce(what: keyof Round, address: string, file: string): Promise<Timed> {
  const browser = await openBrowser(address);
  try {
    await browser.page.goto('/');
    await browser.page.locator('input').setInputFiles(file);
    browser.page.setDefaultTimeout(300_000);
    return await browser.page.evaluate<Timed>(`${what}()`);
  } finally {
    await browser.close();
  }
}

/** Rows of the table for hashing in the browser. */
export async function measureBrowserHashing(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-hash-'));
  const port = await freePort();
  const server = await serve(port);
  const address = `http://127.0.0.1:${port}`;
  try {
    const file = path.join(folder, 'large.bin');
    writeLarge(file);
    const measured: Round[] = [];
    // One more than is counted: the first fills the machine's cache.
    for (let round = 0; round <= rounds; round += 1)
      measured.push({
        floor: await measureOnce('floor', address, file),
        hashed: await measureOnce('hashed', address, file),
      });
    return rowsOf(measured.slice(1));
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(measured: Round[]): Row[] {
  const of = (figure: (round: Round) => number): number => median(measured.map(figure));
  const seconds = (of(({ hashed }) => hashed.ms) / 1000).toFixed(1);
  const times = of(({ floor, hashed }) => hashed.ms / floor.ms).toFixed(1);
  const [floor, blocked] = [of((round) => round.floor.longest), of((round) => round.hashed.longest)];
  return [
    {
      what: `Chromium: hash 1 GB in a worker, against reading it alone (median of ${rounds})`,
      figure: `${seconds} s, ${times} times the floor`,
      goal: '≤ 3 times',
    },
    {
      what: 'Chromium: longest the page was blocked meanwhile',
      figure: `${blocked.toFixed(0)} ms (${floor.toFixed(0)} ms while only reading)`,
      goal: '≤ 50 ms',
    },
  ];
}
