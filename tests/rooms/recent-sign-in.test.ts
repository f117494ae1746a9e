// Pages of the account whose acts need a recent sign-in say so before anything is typed. Found in the sources, so that a new page cannot forget it:
// a command that asks for a recent sign-in, the actions that call it, the pages beside those.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const read = (file: string): string => readFileSync(file, 'utf8');
const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => path.join(folder, name));

const commands = filesIn('lib/server/commands').filter((file) => read(file).includes('requireFresh('));

const folders = readdirSync('app/account', { recursive: true, encoding: 'utf8' })
  .map((name) => path.join('app/account', name))
  .filter((file) => file.endsWith('actions.ts'))
  .filter((file) => commands.some((command) => read(file).includes(`#${command}'`)))
  .map((file) => path.dirname(file));

it('each page that leads to an act which needs a recent sign-in asks for that first', () => {
  expect(folders).toContain('app/account/keys/new/make');
  const silent = folders.filter((folder) => {
    const parts = filesIn(folder).filter((file) => file.endsWith('.tsx'));
    return !parts.some((file) => read(file).includes('<ConfirmFirst'));
  });
  expect(silent).toEqual([]);
});
