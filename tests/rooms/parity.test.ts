// What a page does, a program can do: every server action has an address in the table of lib/server/api, or a reason why not (tests/doors/parity.ts).
import { expect, it } from 'vitest';
import { doors } from '#lib/server/api/doors.ts';
import { findDoors } from '../doors/found.ts';
import { parity } from '../doors/parity.ts';

const actions = findDoors()
  .filter((door) => door.startsWith('action '))
  .map((door) => door.slice('action '.length));

it('every action of a page has an address for programs, or a reason', () => {
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !Object.hasOwn(parity, action))).toEqual([]);
});

it('the list names no action that is not there, and no address that is not in the table', () => {
  expect(Object.keys(parity).filter((action) => !actions.includes(action))).toEqual([]);
  const addresses = doors.map(({ method, path }) => `${method} ${path}`);
  const named = Object.values(parity).flatMap((entry) => ('address' in entry ? [entry.address] : []));
  expect(named.filter((address) => !addresses.includes(address))).toEqual([]);
});
