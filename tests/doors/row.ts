// One row of the table: a door, how to knock, and what everybody is answered. `door` is spelled as tests/doors/found.ts finds it.
import type { Setting } from './setting.ts';
import { answersOf, type Answers, type Steps } from './roles.ts';

/** A request as it is sent. An action is posted to a page that carries it, with these arguments (a FormData is the posted form). */
export type Knock = {
  path: string;
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: FormData | string;
};
export type Row = { door: string; answers: Answers } & (
  { knock: (at: Setting) => Knock } | { call: (at: Setting) => unknown[] }
);

/** A form as a browser posts it. */
export function form(fields: Record<string, string> = {}): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
}

/** A page: its address pattern as the folders of app/ spell it, an address of it, the answers. */
export const page = (pattern: string, path: (at: Setting) => string, steps: Steps): Row => ({
  door: `page ${pattern}`,
  knock: (at) => ({ path: path(at) }),
  answers: answersOf(steps),
});

/** An exported server action: its file, its name, its arguments. */
export const action = (file: string, name: string, call: (at: Setting) => unknown[], steps: Steps): Row => ({
  door: `action ${file} ${name}`,
  call,
  answers: answersOf(steps),
});

/** A form's action: the bound arguments, then the form's earlier state and the form. */
export const formAction = (
  file: string,
  name: string,
  steps: Steps,
  fields: (at: Setting) => Record<string, string>,
  bound: (at: Setting) => unknown[] = () => [],
): Row => action(file, name, (at) => [...bound(at), {}, form(fields(at))], steps);

/** A door outside Next, in web/: its file and the pattern there. */
export const address = (door: string, knock: (at: Setting) => Knock | string, steps: Steps): Row => ({
  door,
  knock: (at) => {
    const knocked = knock(at);
    return typeof knocked === 'string' ? { path: knocked } : knocked;
  },
  answers: answersOf(steps),
});
