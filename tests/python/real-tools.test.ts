// Distributions made by real tools (tests/vectors/python/make.py), and what becomes of them when single bytes change.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectBytes, judge } from '../support/inspections.ts';

const folder = path.join(import.meta.dirname, '../vectors/python');
const read = (name: string) => readFileSync(path.join(folder, name));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const demo = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];
const setuptools = ['Lantern.Tools-2.0.0rc1-py3-none-any.whl', 'Lantern.Tools-2.0.0rc1.tar.gz'];

describe('distributions made by real tools', () => {
  test.each(demo)('%s, by a PEP 517 backend of the standard library, is accepted without a warning', async (name) => {
    expect(await inspectBytes(name, read(name))).toMatchObject({
      project: 'sunrise-demo',
      version: '1.2.0',
      requiresPython: '>=3.8',
      findings: [],
    });
  });

  test.each([
    [setuptools[0] ?? '', 'wheel.outside-package'],
    [setuptools[1] ?? '', 'sdist.setup-py'],
  ])('%s, by setuptools 66, is accepted; its spelling and %s are notes', async (name, other) => {
    const inspection = await inspectBytes(name, read(name));
    expect(inspection).toMatchObject({
      project: 'lantern-tools',
      version: '2.0.0rc1',
      requiresPython: '>=3.7,!=3.8.*',
    });
    expect(inspection.metadata.description).toContain('☀');
    expect(inspection.findings.map(({ code }) => code)).toEqual(['file-name.not-normalised', other]);
  });

  test('make.py builds the committed bytes of sunrise-demo again', () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'countersign-vectors-'));
    try {
      cpSync(folder, copy, { recursive: true });
      for (const name of demo) rmSync(path.join(copy, name));
      execFileSync('python3', ['-B', 'make.py'], { cwd: copy });
      for (const name of demo) expect(sha256(readFileSync(path.join(copy, name)))).toBe(sha256(read(name)));
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('under the name of another project or version they are refused', async () => {
    expect(await judge('other-1.2.0-py3-none-any.whl', read(demo[0] ?? ''))).toBe('distribution.mismatch');
    expect(await judge('sunrise_demo-1.2.1.tar.gz', read(demo[1] ?? ''))).toBe('distribution.mismatch');
  });

  // Every byte of a wheel belongs to some structure or content; where a change passes, it touched what nobody verifies
  // (times, permissions). Whatever happens, it is an answer and never a crash: `judge` rethrows any fault but a refusal.
  test.each([...demo, ...setuptools])(
    'no single changed byte of %s crashes the inspection or changes what it says',
    async (name) => {
      const original = await inspectBytes(name, read(name));
      const bytes = read(name);
      for (let at = 0; at < bytes.length; at += 3) {
        const before = bytes[at] ?? 0;
        bytes[at] = before ^ (1 << (at % 8));
        const code = await judge(name, bytes);
        if (code === 'accepted') {
          const { project, version, metadataBytes } = await inspectBytes(name, bytes);
          expect({ project, version, metadata: sha256(metadataBytes) }).toEqual({
            project: original.project,
            version: original.version,
            metadata: sha256(original.metadataBytes),
          });
        }
        bytes[at] = before;
      }
    },
  );

  test.each([...demo, ...setuptools])('every shortened %s is refused', async (name) => {
    const bytes = read(name);
    for (let length = 0; length < bytes.length; length += 7)
      expect(await judge(name, bytes.subarray(0, length))).not.toBe('accepted');
  });

  test('nothing was written beside the vectors', () => {
    expect(readdirSync(folder).sort()).toEqual([
      ...setuptools,
      'countersign-demo-src',
      'make.py',
      'setuptools-src',
      ...demo,
    ]);
  });
});
