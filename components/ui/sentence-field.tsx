// A number inside its sentence: "Publishing needs [2] people." The words before it are its label.

import type { ReactNode } from 'react';
import { fieldId } from './field.tsx';

type SentenceFieldProps = {
  name: string;
  label: string;
  after: string;
  hint?: ReactNode;
  min: number;
  max?: number;
  defaultValue: number;
};

export function SentenceField({ name, label, after, hint, ...number }: SentenceFieldProps) {
  const hintId = `${fieldId(name)}-hint`;
  return (
    <div>
      <div className="sentence-field">
        <label htmlFor={fieldId(name)}>{label}</label>
        <input
          {...number}
          id={fieldId(name)}
          name={name}
          type="number"
          inputMode="numeric"
          required
          aria-describedby={hint === undefined ? undefined : hintId}
        />
        <span>{after}</span>
      </div>
      {hint === undefined ? null : (
        <p className="field-hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
