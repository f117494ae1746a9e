// What a command brings to a decision besides its options: the clock, the folders, the person at the terminal. Tests bring their own.
import type { Ask } from '#cli/trust/ask.ts';
import type { Home } from '#cli/trust/home.ts';

export type World = {
  now: number;
  home: Home;
  /** null: nobody is at a terminal. */
  ask: Ask | null;
  /** One line on standard error while something takes its time. */
  tell: (line: string) => void;
};
