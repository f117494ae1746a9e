// `countersign inspect-distribution`: exit codes, sentences, JSON, and terminals that hostile names cannot reach.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inspectDistributionCommand } from '../../cli/commands/inspect-distribution.ts';
import { safeForTerminal } from '../../cli/terminal.ts';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';

const vectors = path.join(import.meta.dirname, '../vectors/python');
const folder = mkdtempSync(path.join(tmpdir(), 'countersign-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('inspect-distribution', () => {
  test('a good wheel exits 0 and says what it is', async () => {
    const { exit, out, err } = await inspectDistributionCommand(
      path.join(vectors, 'sunrise_demo-1.2.0-py3-none-any.whl'),
    );
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('sunrise_demo-1.2.0-py3-none-any.whl: accepted');
    expect(out).toMatch(/project +sunrise-demo\n +version +1\.2\.0\n +requires python +>=3\.8\n/);
  });

  test('JSON says the same in a fixed shape', async () => {
    const accepted = await inspectDistributionCommand(path.join(vectors, 'sunrise_demo-1.2.0.tar.gz'), { json: true });
    expect(JSON.parse(accepted.out)).toEqual({
      accepted: true,
      kind: 'sdist',
      project: 'sunrise-demo',
      version: '1.2.0',
      requiresPython: '>=3.8',
      refusal: null,
      findings: [],
    });
    const refused = await inspectDistributionCommand(put('demo-1.0.zip', 'x'), { json: true });
    expect(refused.exit).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({
      accepted: false,
      kind: null,
      refusal: { code: 'distribution.file-name' },
      findings: [],
    });
  });

  test('a refused file exits 1 with reason and code, and is not touched', async () => {
    const file = put('demo-1.0-py3-none-any.whl', makeZip(wheelFiles({ metadata: metadataText({ name: 'evil' }) })));
    const before = readFileSync(file);
    const { exit, out, err } = await inspectDistributionCommand(file);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('(distribution.mismatch)');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('--as judges the file as if it were uploaded under that name', async () => {
    const file = put('upload.tmp', makeZip(wheelFiles()));
    expect((await inspectDistributionCommand(file)).exit).toBe(1);
    expect((await inspectDistributionCommand(file, { as: 'demo-1.0-py3-none-any.whl' })).exit).toBe(0);
    expect((await inspectDistributionCommand(file, { as: 'other-1.0-py3-none-any.whl' })).err).toContain(
      'distribution.mismatch',
    );
  });

  test('a missing file, a folder and a pipe exit 2 with a sentence and no stack trace', async () => {
    const pipe = path.join(folder, 'demo-1.0.tar.gz');
    execFileSync('mkfifo', [pipe]);
    for (const unusable of [path.join(folder, 'nothing.whl'), folder, pipe, `${folder}/a\0b`]) {
      const { exit, out, err } = await inspectDistributionCommand(unusable);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).toMatch(/^[^\n]+\.\n$/);
      expect(err).not.toMatch(/Error|node:|\.ts/);
    }
  });

  test('threat 114: escapes in names and paths never reach the terminal, as text or as JSON', async () => {
    const evil = 'demo/\u001b[2J\u202egnp.py';
    const file = put(
      'demo-1.0-py3-none-any.whl',
      makeZip([...wheelFiles(), { path: evil, content: '', flags: 0x800 }]),
    );
    for (const options of [
      {},
      { json: true },
      { as: '\u001b]0;x\u0007.whl' },
      { as: 'a\u202e\u009b.whl', json: true },
    ]) {
      const { exit, out, err } = await inspectDistributionCommand(file, options);
      expect(exit).toBe(1);
      expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe('text for terminals', () => {
  test.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\tc', 'a\\x0ab\\x09c'],
    ['\u009b', '\\x9b'],
    ['\u202egnp', '\\u{202e}gnp'],
    ['\u2028', '\\u{2028}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['größe ☀ 日本', 'größe ☀ 日本'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeForTerminal(text)).toBe(shown);
  });
});
