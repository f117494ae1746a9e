// What a page does, a program can do: every server action has an address in the table of lib/server/api, or a reason why not (tests/doors/parity.ts).
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { doors } from '#lib/server/api/doors.ts';
import { findDoors } from '../doors/found.ts';
import { parity, reasons } from '../doors/parity.ts';

const actions = findDoors()
  .filter((door) => door.startsWith('action '))
  .map((door) => door.slice('action '.length));

it('every action of a page has an address for programs, or a reason', () => {
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !Object.hasOwn(parity, action))).toEqual([]);
});

/** The commands that this action calls, by their files. */
function commandsOf(action: string): string[] {
  const [file = '', name = ''] = action.split(/ (?=\w+$)/);
  const text = readFileSync(file, 'utf8');
  const body = text.slice(text.indexOf(`export async function ${name}(`)).split(/\n(?=export )/)[0] ?? '';
  const imports = [...text.matchAll(/import \{([^}]+)\} from '#(lib\/server\/commands\/[\w-]+\.ts)'/g)];
  const called = imports.filter(([, names = '']) => names.split(',').some((one) => body.includes(`${one.trim()}(`)));
  return (called.length === 0 ? imports : called).map(([, , command = '']) => command);
}

it('an action that has no address because it is sensitive calls a command that asks for a recent sign-in', () => {
  const sensitive = Object.entries(parity).flatMap(([action, entry]) =>
    'because' in entry && entry.because === 'recent' ? [action] : [],
  );
  expect(sensitive).toContain('app/projects/[name]/programs/actions.ts add');
  const asksForIt = (command: string): boolean => /requireFresh\(|lockWebhooks\(/.test(readFileSync(command, 'utf8'));
  expect(sensitive.filter((action) => !commandsOf(action).some(asksForIt))).toEqual([]);
});

it('every reason why there is none is somebody’s', () => {
  const used = new Set(Object.values(parity).flatMap((entry) => ('because' in entry ? [entry.because] : [])));
  expect(Object.keys(reasons).filter((reason) => !used.has(reason as keyof typeof reasons))).toEqual([]);
});

it('the list names no action that is not there, and no address that is not in the table', () => {
  expect(Object.keys(parity).filter((action) => !actions.includes(action))).toEqual([]);
  const addresses = doors.map(({ method, path }) => `${method} ${path}`);
  const named = Object.values(parity).flatMap((entry) => ('address' in entry ? [entry.address] : []));
  expect(named.filter((address) => !addresses.includes(address))).toEqual([]);
});
