// Every door of the program × every role: what each is answered. This is the only such list.
//
// To add a door: run `npx vitest run tests/rooms/doors.test.ts`. It prints the doors that have no row, spelled as they must stand here.
// Add a row to pages.ts, actions.ts or addresses.ts: `page(pattern, address, answers)`, `formAction(file, name, answers, fields, bound)`,
// `address(door, request, answers)`. The answers are a staircase (roles.ts): name the step at which the answer changes,
//   { nobody: 'sign in', outside: '404', maintainer: '200' }      also an owner gets 200; a stranger, a removed person and an invited one 404
// `stale` is an owner who signed in too long ago: `session.not-fresh` for sensitive acts. Choose the arguments so that whoever may pass is
// refused by a later check that changes nothing (an empty signature, a wrong address), and write that code as their answer.
// What else a test can use (draft, people, keys) is in setting.ts; add to it what your door needs.
// `npm run test:interop` asks the running program for every row and compares, and that nothing changed where something was refused.
import { accountActions, linkActions, projectActions } from './actions.ts';
import { addresses } from './addresses.ts';
import { mail } from './mail.ts';
import { pages } from './pages.ts';
import { programRows } from './programs.ts';
import type { Row } from './row.ts';

export const table: Row[] = [
  ...pages,
  ...addresses,
  ...mail,
  ...accountActions,
  ...linkActions,
  ...projectActions,
  ...programRows,
];
