// Exact outputs of commands, kept in tests/cli/golden for people to read. What is another one in each run (addresses, fresh keys, folders) is told by a name.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { CommandOutcome } from '../../cli/commands/inspect-distribution.ts';

/** What stands in the stored text instead of what; replaced in this order. */
export type Named = readonly (readonly [found: string | RegExp, name: string])[];

/** Equal to the stored answer; `said` comes before it. A missing one is written, for people to read and commit, and fails. */
export function expectGolden(
  name: string,
  { exit, out, err }: CommandOutcome,
  named: Named,
  said: readonly string[] = [],
): void {
  const file = path.join(import.meta.dirname, '..', 'cli', 'golden', `${name}.txt`);
  const lines = said.map((line) => `${line}\n`).join('');
  let text = `${lines}${out}${err}exit ${exit}\n`;
  for (const [found, other] of named) text = text.replaceAll(found, other);
  const isThere = existsSync(file);
  if (!isThere) writeFileSync(file, text);
  expect(isThere).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
