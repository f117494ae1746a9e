// Which address a user id claims: one that is compared with checked ones, so what can be read in two ways claims none.
import { expect, it } from 'vitest';
import { addressInUserId } from '#lib/core/user-id.ts';

it.each([
  ['Ada <Ada@Example.org>', 'ada@example.org'],
  ['Ada (release key) <ada@example.org>', 'ada@example.org'],
  ['<ada@example.org>', 'ada@example.org'],
  ['ada@example.org', 'ada@example.org'],
  ['Ada Lovelace', null],
  ['Ada <ada@example.org> <eve@example.org>', null],
  ['Ada <ada@eve@example.org>', null],
  ['Ada <ada @example.org>', null],
  ['eve@example.org Ada', null],
  ['x'.repeat(2000), null],
])('%s claims %s', (userId, address) => expect(addressInUserId(userId)).toBe(address));
