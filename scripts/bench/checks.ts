// Looking into a wheel of 10,000 entries, as the web program does it: in a limited child process, the reader that has not seen anything yet and the one that
// waits ready; all digests of RECORD included. Beside it, what reading the same wheel costs Python's zipfile. Ends what it started.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import type { ProjectName } from '#lib/core/ids.ts';
import { inspectionLimits } from '#lib/python/limits.ts';
import { inspectorInChildren, inspectorProgramOf } from '#lib/server/inspector/inspector.ts';
import type { Row } from './table.ts';

const root = path.join(import.meta.dirname, '..', '..');
const entries = 10_000;
const rounds = 5;
const project = 'bench' as ProjectName;
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A wheel of so many modules of about 2 kB, as a build backend makes it. */
function makeWheel(): Uint8Array {
  const info = 'bench-1.0.dist-info';
  const module = (at: number): string => `# module ${at}\n${`value_${at} = ${at}\n`.repeat(100)}`;
  const files = new Map<string, Uint8Array>([
    [`${info}/METADATA`, Buffer.from('Metadata-Version: 2.1\nName: bench\nVersion: 1.0\n\nA bench.\n')],
    [`${info}/WHEEL`, Buffer.from('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n')],
  ]);
  for (let at = files.size; at < entries - 1; at += 1)
    files.set(`bench/part_${at % 100}/module_${at}.py`, Buffer.from(module(at)));
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');
  const rows = [...files].map(([name, bytes]) => `${name},sha256=${digest(bytes)},${bytes.length}`);
  files.set(`${info}/RECORD`, Buffer.from([...rows, `${info}/RECORD,,`, ''].join('\n')));
  return zipSync(Object.fromEntries(files));
}

const readAll = 'import sys,zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n  [z.read(n) for n in z.namelist()]\n';

export async function measureChecks(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-bench-checks-'));
  const inspector = inspectorInChildren(
    inspectorProgramOf(path.join(root, '.build', 'web.mjs'), { dataFolder: folder }),
  );
  try {
    const place = path.join(folder, 'files', 'wheel');
    mkdirSync(path.dirname(place));
    writeFileSync(place, makeWheel());
    const look = async (): Promise<number> => {
      const started = performance.now();
      await inspector.of(project).inspect({ place, name: 'bench-1.0-py3-none-any.whl', limits: inspectionLimits });
      return (performance.now() - started) / 1000;
    };
    const first = await look();
    const ready: number[] = [];
    const python: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ready.push(await look());
      const started = performance.now();
      execFileSync('python3', ['-c', readAll, place]);
      python.push((performance.now() - started) / 1000);
    }
    const beside = `; Python's zipfile reads it in ${median(python).toFixed(2)} s`;
    return [
      {
        what: 'wheel of 10,000 entries checked, in a child that starts',
        figure: `${first.toFixed(2)} s`,
        goal: '< 2 s',
      },
      {
        what: 'wheel of 10,000 entries checked, in a child that waits',
        figure: `${median(ready).toFixed(2)} s${beside}`,
        goal: '< 2 s',
      },
    ];
  } finally {
    await inspector.close();
    rmSync(folder, { recursive: true });
  }
}
