// The log with a million entries, written by the countersigner's own code into a folder of tiles as it is served: what one more document costs there (the
// root of what stands checked, tiles and checkpoint made), and what it costs a reader to see that a document is in it and that it continues what was seen
// before. Disk included, network not; only the million small files that say the numbers of entries stay in memory.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IndexName } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkLog, requireLogged } from '#lib/evidence/check-log.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { initKeys, openKeys } from '../../countersigner/keys.ts';
import { openStore } from '../../countersigner/store.ts';
import { writeLog } from '../../countersigner/write-log.ts';
import type { Writing } from '../../countersigner/write-list.ts';
import type { Row } from './table.ts';

const [entries, batch, rounds] = [1_000_000, 50_000, 100];
const index = 'sign.example.org' as IndexName;
const now = Date.parse('2026-11-22T12:00:00Z');

const place = (n: number): string => `evidence/project-${Math.floor(n / 100)}/status/${(n % 100) + 1}.json`;
const content = (n: number): Uint8Array => Buffer.from(`document ${n}`);
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const ms = (values: number[]): string => `${median(values).toFixed(1)} ms (slowest ${Math.max(...values).toFixed(1)})`;

type Tree = { write(paths: ReadonlyMap<string, Uint8Array>): void; read(path: string): Uint8Array | null };

function openTree(folder: string): Tree {
  const numbers = new Map<string, Uint8Array>();
  return {
    write: (paths) => {
      for (const [name, bytes] of paths) {
        if (name.startsWith('log/number/')) numbers.set(name, bytes);
        else {
          mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
          writeFileSync(path.join(folder, name), bytes);
        }
      }
    },
    read: (name) => {
      if (name.startsWith('log/number/')) return numbers.get(name) ?? null;
      try {
        return readFileSync(path.join(folder, name));
      } catch {
        return null; // not there
      }
    },
  };
}

async function timed(work: (round: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work(round);
    taken.push(performance.now() - started);
  }
  return taken;
}

async function measure(folder: string): Promise<Row[]> {
  const store = openStore(path.join(folder, 'state'));
  await initKeys(store, index, now);
  const tree = openTree(folder);
  const keys = await openKeys(store, now);
  const writing: Writing = { index, keys, readTree: tree.read, now };
  const append = async (from: number, to: number): Promise<void> => {
    const numbers = Array.from({ length: to - from }, (_, at) => from + at);
    tree.write(await writeLog(writing, new Map(numbers.map((n) => [place(n), content(n)]))));
  };
  const started = performance.now();
  for (let n = 0; n < entries; n += batch) await append(n, n + batch);
  const built = (performance.now() - started) / 1000;
  const seen = tree.read(checkpointPath);
  const appended = await timed((round) => append(entries + round, entries + round + 1));
  const indexKey = await readIndexKey(keys.armoredCertificate, now);
  const read = async (name: string) => tree.read(name);
  const checking = { hashing, note: noteCheck };
  const extended = await timed(() => checkLog(read, { index, indexKey, seen }, checking));
  const checked = await checkLog(read, { index, indexKey, seen: null }, checking);
  const proven = await timed((round) => {
    const n = (round * 9973) % entries;
    return requireLogged(read, checked, [{ path: place(n), sha256: hashing.sha256(content(n)) }], noteCheck);
  });
  return [
    { what: 'log of 1,000,000 entries: made from nothing', figure: `${built.toFixed(1)} s`, goal: '' },
    { what: 'log of 1,000,000 entries: one more document', figure: ms(appended), goal: 'milliseconds' },
    { what: 'log of 1,000,000 entries: it continues what was seen', figure: ms(extended), goal: 'milliseconds' },
    { what: 'log of 1,000,000 entries: a document is in it', figure: ms(proven), goal: 'milliseconds' },
  ];
}

/** Rows of the table for the log. */
export async function measureLog(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-bench-log-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
