// The shapes that stand beside state words, so that no state is told by colour alone. Decoration: hidden from screen readers.
// Drawn here; no icon library, no remote image.

import type { ReactElement } from 'react';

const drawings = {
  empty: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />,
  half: <path d="M8 1a7 7 0 0 0 0 14zM8 2a6 6 0 0 1 0 12" fill="currentColor" fillRule="evenodd" />,
  full: <circle cx="8" cy="8" r="7" fill="currentColor" />,
  tick: <path d="M2 8.5 6.2 13 14 3.5" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  cross: <path d="M3 3l10 10M13 3 3 13" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  triangle: <path d="M8 1.5 15.2 14.5H.8zM8 6v4M8 11.4v1.6" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  bar: <path d="M1 8h14" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  square: <path d="M2.5 2.5h11v11h-11z" fill="none" stroke="currentColor" strokeWidth="2" />,
} satisfies Record<string, ReactElement>;

export type ShapeName = keyof typeof drawings;

/** One small shape in the colour of the text round it. */
export function Shape({ name }: { name: ShapeName }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  );
}
