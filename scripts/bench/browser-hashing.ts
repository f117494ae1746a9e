// Hashing 1 GB in Chromium with the worker that the pages use, against the floor: reading the same file as a stream and doing nothing with it. The
// longest gap between two turns of the page's own thread is measured along. A page of nothing but these two, from a server of our own.
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
const read = async (file) => { for (const reader = file.stream().getReader(); !(await reader.read()).done;); };
async function timed(work) {
  let [longest, last] = [0, performance.now()];
  const turn = setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 4);
  const started = performance.now();
  await work();
  clearInterval(turn);
  return { ms: performance.now() - started, longest };
}
globalThis.measure = async () => {
  const file = document.querySelector('input').files[0];
  await read(file);
  return { floor: await timed(() => read(file)), hashed: await timed(() => hashFile({ name: file.name, from: file })) };
};`;

type Timed = { ms: number; longest: number };

const megabytes = 1000;

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
    else res.end(isScript ? page : '<!doctype html><input type="file"><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** Rows of the table for hashing in the browser. */
export async function measureBrowserHashing(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-hash-'));
  const port = await freePort();
  const server = await serve(port);
  const browser = await openBrowser(`http://127.0.0.1:${port}`);
  try {
    const file = path.join(folder, 'large.bin');
    writeLarge(file);
    const { page } = browser;
    await page.goto('/');
    await page.locator('input').setInputFiles(file);
    page.setDefaultTimeout(300_000);
    const { floor, hashed } = await page.evaluate<{ floor: Timed; hashed: Timed }>('measure()');
    const seconds = `${(hashed.ms / 1000).toFixed(1)} s, ${(hashed.ms / floor.ms).toFixed(1)} times the floor`;
    return [
      { what: 'Chromium: hash 1 GB in a worker, against reading it alone', figure: seconds, goal: '≤ 3 times' },
      {
        what: 'Chromium: longest the page was blocked meanwhile',
        figure: `${hashed.longest.toFixed(0)} ms`,
        goal: '≤ 50 ms',
      },
    ];
  } finally {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
