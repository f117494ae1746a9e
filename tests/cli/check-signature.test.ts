// The real command, as a person runs it: exit code, JSON, sentences, and never a stack trace.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const at = (name: string): string => path.join(root, 'tests', 'vectors', 'pgp', name);
const folder = mkdtempSync(path.join(tmpdir(), 'countersign-cli-'));
const received = '2026-06-01T12:00:00Z';

type Run = { status: number | null; out: string; err: string; ms: number };

function countersign(...args: string[]): Run {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'cli', 'main.ts'), ...args],
    {
      ...{ encoding: 'utf8', cwd: root, timeout: 20_000 },
    },
  );
  expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  return { status, out: stdout, err: stderr, ms: performance.now() - started };
}

function check(
  signature: string,
  people: string[],
  ...more: string[]
): Run & { answer: { people: number; findings: unknown[] } } {
  const keys = people.flatMap((name) => ['--key', at(`${name}.key.asc`)]);
  const files = ['--data', at('SHA256SUMS'), '--signature', signature];
  const run = countersign('check-signature', ...keys, ...files, '--json', '--received', received, ...more);
  return { ...run, answer: JSON.parse(run.out) as { people: number; findings: unknown[] } };
}

test('two people who signed are two, and the command ends with 0', () => {
  const { status, answer } = check(at('concatenated.asc'), ['ada', 'bo']);
  expect(status).toBe(0);
  expect(answer.people).toBe(2);
  expect(Object.keys(answer)).toEqual(['people', 'findings']);
  expect(answer.findings[0]).toEqual({
    ...{ key: '598503759ED11E33396E56419D605205706973DC', issuer: '598503759ED11E33396E56419D605205706973DC' },
    ...{ made: '2026-06-01T11:00:00Z', counts: true, reason: null },
  });
});

test('somebody who is not named does not count, the others do', () => {
  const { status, answer } = check(at('one-block.asc'), ['bo']);
  expect(status).toBe(0);
  expect(answer).toMatchObject({
    people: 1,
    findings: [{ counts: false, reason: 'unknown-key', key: null }, { counts: true }],
  });
});

test('where nobody counts the command ends with 1 and says why', () => {
  const { status, answer } = check(at('old.asc'), ['old']);
  expect(status).toBe(1);
  expect(answer).toMatchObject({ people: 0, findings: [{ counts: false, reason: 'key-expired' }] });
});

test('an expired key is judged by when the index got the signature', () => {
  const keys = ['--key', at('old.key.asc'), '--data', at('SHA256SUMS'), '--signature', at('old.asc')];
  expect(countersign('check-signature', ...keys, '--received', '2026-01-20T00:00:00Z').status).toBe(0);
  expect(countersign('check-signature', ...keys).status).toBe(1);
});

test.each([
  ['a public key', at('ada.key.asc'), 'signature.is-public-key'],
  ['a clear-signed message', at('ada-clear.asc'), 'signature.is-clearsigned'],
  ['an inline message', at('ada-inline.gpg'), 'signature.is-inline'],
  ['something else', at('SHA256SUMS'), 'signature.is-other'],
  ['nothing', path.join(folder, 'not there'), 'There is no file'],
  ['a folder', folder, 'not a regular file'],
])('%s instead of a signature is unusable: 2, with its own sentence', (_, file, text) => {
  const { status, answer, err } = check(file, ['ada']);
  expect(status).toBe(2);
  expect(answer).toEqual({ people: 0, findings: [] });
  expect(err).toContain(text);
});

test('wrong options, times and commands end with 2', () => {
  expect(countersign('check-signature').status).toBe(2);
  expect(countersign('no-such-command').status).toBe(2);
  expect(check(at('ada.asc'), ['ada'], '--received', 'yesterday').status).toBe(2);
});

test('junk of any size is answered in under two seconds beyond the start of the program', () => {
  const idle = countersign('--help').ms;
  for (const [name, bytes] of [
    ['armor', Buffer.from('-----BEGIN PGP SIGNATURE-----\n\n'.repeat(160_000))],
    ['zeros', Buffer.alloc(5 << 20)],
    ['lines', Buffer.alloc(5 << 20, '\n')],
    ['packets', Buffer.alloc(5 << 20, 0xc2)],
  ] as const) {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    expect(check(file, ['ada']).ms - idle).toBeLessThan(2000);
    const key = countersign('inspect-key', file);
    expect(key.status).toBe(2);
    expect(key.ms - idle).toBeLessThan(2000);
  }
});

test('inspect-key says what the index would say', () => {
  const good = countersign('inspect-key', at('ada.key.asc'), '--json');
  expect(good.status).toBe(0);
  expect(JSON.parse(good.out)).toMatchObject({ accepted: true, algorithm: 'Ed25519 (EdDSA)', refusal: null });
  const secret = countersign('inspect-key', at('ada.private.asc'), '--json');
  expect(secret.status).toBe(1);
  expect(JSON.parse(secret.out)).toMatchObject({ accepted: false, refusal: { code: 'key.is-private' } });
  expect(countersign('inspect-key', at('old.key.asc')).err).toContain('expired on 2026-02-01');
});
