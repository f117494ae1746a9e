// The same verdicts offline as in the index, as of any time: exact outputs beside this file, made once and read by people. A change of
// a word is a change of tests/cli/golden.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkSignatureCommand } from '../../cli/commands/check-signature.ts';
import { inspectKeyCommand } from '../../cli/commands/inspect-key.ts';
import type { CommandOutcome } from '../../cli/commands/inspect-distribution.ts';

const root = path.join(import.meta.dirname, '..', '..');

const vector = (name: string): string => path.join(root, 'tests', 'vectors', 'pgp', name);
const clock = Date.parse('2030-01-01T00:00:00Z');
const textOf = ({ exit, out, err }: CommandOutcome): string => `${out}${err}exit ${exit}\n`;

/** Equal to the stored answer. A missing one is written, for people to read and commit, and fails. */
function expectGolden(name: string, outcome: CommandOutcome): void {
  const file = path.join(import.meta.dirname, 'golden', `${name}.txt`);
  const isThere = existsSync(file);
  if (!isThere) writeFileSync(file, textOf(outcome));
  expect(isThere).toBe(true);
  expect(textOf(outcome)).toBe(readFileSync(file, 'utf8'));
}

type When = { at: string; received?: string; json?: boolean };

const check = (name: string, when: When) =>
  checkSignatureCommand(
    { key: [vector(`${name}.key.asc`)], data: vector('SHA256SUMS'), signature: vector(`${name}.asc`), ...when },
    clock,
  );

const january = '2026-01-20T00:00:00Z';
const june = '2026-06-01T12:00:00Z';
const july = '2026-07-01T00:00:00Z';

test.each([
  ['ada', 'june', { at: june }],
  ['ada', 'january', { at: january }],
  ['old', 'january', { at: january }],
  ['old', 'june', { at: june }],
  ['old', 'june-received-january', { at: june, received: january }],
  ['superseded', 'june', { at: june }],
  ['superseded', 'july', { at: july }],
  ['superseded', 'july-received-june', { at: july, received: june }],
  ['compromised', 'june', { at: june }],
  ['compromised', 'july-received-june', { at: july, received: june }],
  ['small', 'june', { at: june }],
])('check-signature of %s in %s says exactly what it said', async (name, when, moment) => {
  expectGolden(`check-${name}-${when}`, await check(name, moment));
  expectGolden(`check-${name}-${when}-json`, await check(name, { ...moment, json: true }));
});

test.each([
  ['ada.key.asc', 'june', june],
  ['ada.key.asc', 'before-it-was-made', '2025-06-01T00:00:00Z'],
  ['old.key.asc', 'january', january],
  ['old.key.asc', 'june', june],
  ['superseded.key.asc', 'june', june],
  ['superseded.key.asc', 'july', july],
  ['compromised.key.asc', 'june', june],
  ['two.key.asc', 'june', june],
  ['bo.key.asc', 'june', june],
  ['weak.key.asc', 'june', june],
  ['ada.private.asc', 'june', june],
  ['ada.asc', 'june', june],
])('inspect-key of %s in %s says exactly what it said', async (file, when, at) => {
  expectGolden(`inspect-${file}-${when}`, await inspectKeyCommand(vector(file), { at }, clock));
  expectGolden(`inspect-${file}-${when}-json`, await inspectKeyCommand(vector(file), { at, json: true }, clock));
});

test.each(['yesterday', '2026-06-01', '2026-06-01T12:00:00', '2026-13-01T00:00:00Z', ''])(
  'the time %j is none: 2, and nothing is judged',
  async (at) => {
    expect((await check('ada', { at })).exit).toBe(2);
    expect((await inspectKeyCommand(vector('ada.key.asc'), { at }, clock)).exit).toBe(2);
  },
);

test('the real commands take --at', () => {
  const tsx = path.join(root, 'node_modules/tsx/dist/esm/index.mjs');
  const files = ['--data', vector('SHA256SUMS'), '--signature', vector('old.asc')];
  for (const args of [
    ['check-signature', '--key', vector('old.key.asc'), ...files],
    ['inspect-key', vector('old.key.asc')],
  ]) {
    const run = (at: string) =>
      spawnSync(process.execPath, ['--import', tsx, path.join(root, 'cli', 'main.ts'), ...args, '--at', at]).status;
    expect([run(january), run(june)]).toEqual([0, 1]);
  }
});
