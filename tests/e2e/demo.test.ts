// The demo is what a stranger runs first: it must hold, from an empty data folder to a file that pip downloaded, and say so by its exit code.
import path from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../../scripts/demo/checks.ts';

it('the demo tells the story of a release to its end and exits with 0', async () => {
  const tsx = path.resolve('node_modules/tsx/dist/cli.mjs');
  const said = await ask(process.execPath, [tsx, path.resolve('scripts/demo/main.ts')], path.resolve('.'));
  expect(said.code, said.text).toBe(0);
  expect(said.text).toContain('All of it held');
});
