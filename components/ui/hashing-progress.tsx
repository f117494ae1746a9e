// A file that is being hashed: its name, how far, and the way to stop.

import type { ReactNode } from 'react';
import { sizeText } from '#lib/core/size.ts';
import { Actions } from './button.tsx';

type HashingProgressProps = {
  state: { name: string; bytes: number; of: number; percent: number };
  /** "Checking", "Hashing" */
  doing: string;
  /** The button that stops it. */
  stop: ReactNode;
};

export function HashingProgress({ state: { name, bytes, of, percent }, doing, stop }: HashingProgressProps) {
  return (
    <div className="sending">
      <p className="wrap-anywhere">
        {doing} {name}
      </p>
      <p>
        <progress value={percent} max={100} aria-label={`${doing} ${name}`} />
        {percent} %, {sizeText(Math.min(bytes, of))} of {sizeText(of)}
      </p>
      <Actions>{stop}</Actions>
    </div>
  );
}
