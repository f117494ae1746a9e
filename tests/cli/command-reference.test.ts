// docs/guide/commands.md is what the client says of itself: a command or an option more, and this fails until it was written anew.
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderReference } from '../../scripts/command-reference.ts';

it('the reference of commands is what --help prints (npx tsx scripts/command-reference.ts writes it anew)', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'docs', 'guide', 'commands.md');
  expect(readFileSync(file, 'utf8')).toBe(renderReference());
});
