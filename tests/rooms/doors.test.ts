// No door without a row: whatever the program answers to is found in its files and must stand in the table of tests/doors, where it says
// what each role is answered. That the answers are true is asked of the running program in tests/interop/doors.test.ts.
import { describe, expect, it } from 'vitest';
import { findDoors, findStrangeDoors } from '../doors/found.ts';
import { roles } from '../doors/roles.ts';
import { table } from '../doors/table.ts';

describe('the table of doors', () => {
  const doors = findDoors();

  it('has a row for every page, route handler, server action and address of the program (tests/doors/table.ts says how)', () => {
    const known = new Set(table.map(({ door }) => door));
    expect(doors.filter((door) => !known.has(door))).toEqual([]);
  });

  it('has no row for a door that is not there', () => {
    const found = new Set(doors);
    expect(table.map(({ door }) => door).filter((door) => !found.has(door))).toEqual([]);
  });

  it('names an answer for every role', () => {
    const gaps = table.filter(({ answers }) => roles.some((role) => !answers[role]));
    expect(gaps).toEqual([]);
  });

  it('finds doors of each kind, so that it cannot pass by finding nothing', () => {
    for (const kind of ['page', 'route', 'action', 'address'])
      expect(doors.filter((door) => door.startsWith(`${kind} `)).length).toBeGreaterThan(0);
  });

  it('knows every way in: there is no middleware, no proxy.ts and no pages folder', () => {
    expect(findStrangeDoors()).toEqual([]);
  });
});
