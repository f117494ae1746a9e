// A way of several steps, numbered, in the order they are gone.

import type { ReactNode } from 'react';
import { StateChip, type StateName } from './state-chip.tsx';

export type Step = { title: string; body?: ReactNode; state?: StateName };

export function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.title}>
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
