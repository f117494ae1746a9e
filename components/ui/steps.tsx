// A way of several steps, numbered, in the order they are gone.

import type { ReactNode } from 'react';
import { StateChip, type StateName } from './state-chip.tsx';

export type Step = { title: string; body?: ReactNode; state?: StateName };

/** `clause` is the number of the clause the steps stand in: they then count 1.1, 1.2 … */
export function Steps({ steps, clause }: { steps: Step[]; clause?: number }) {
  return (
    <ol className="steps">
      {steps.map((step, at) => (
        <li key={step.title}>
          <span className="step-number" aria-hidden="true">
            {clause === undefined ? at + 1 : `${clause}.${at + 1}`}
          </span>
          <div>
            <h3>{step.title}</h3>
            {typeof step.body === 'string' ? <p>{step.body}</p> : step.body}
            {step.state === undefined ? null : <StateChip state={step.state} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
