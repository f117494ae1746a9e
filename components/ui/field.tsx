// Form fields: label, hint and fault tied to the control, so that screen readers say them together. Props only; validation is the server's.

import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';
import { Shape } from './shape.tsx';

type Labelled = { name: string; label: string; hint?: ReactNode; error?: string | undefined };

/** The id of a field's control: error summaries link to it. */
export function fieldId(name: string): string {
  return `field-${name}`;
}

function describedBy({ name, hint, error }: Labelled): string | undefined {
  const ids = [hint === undefined ? '' : `${fieldId(name)}-hint`, error === undefined ? '' : `${fieldId(name)}-error`];
  return ids.filter((id) => id !== '').join(' ') || undefined;
}

function Frame({ name, label, hint, error, children }: Labelled & { children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={fieldId(name)}>{label}</label>
      {hint === undefined ? null : (
        <p className="field-hint" id={`${fieldId(name)}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error === undefined ? null : (
        <p className="field-error" id={`${fieldId(name)}-error`}>
          <span className="chip" data-tone="danger">
            <Shape name="cross" />
          </span>
          {error}
        </p>
      )}
    </div>
  );
}

/** One line of text, a number, a file. */
export function Field(props: Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, 'name'>) {
  const { name, label, hint, error, ...rest } = props;
  const control = {
    ...rest,
    id: fieldId(name),
    name,
    'aria-describedby': describedBy(props),
    'aria-invalid': error !== undefined,
  };
  return (
    <Frame name={name} label={label} hint={hint} error={error}>
      <input {...control} />
    </Frame>
  );
}

/** Several lines of text: a pasted key, a pasted signature, a reason. */
export function TextField(props: Labelled & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'name'>) {
  const { name, label, hint, error, ...rest } = props;
  const control = {
    ...rest,
    id: fieldId(name),
    name,
    'aria-describedby': describedBy(props),
    'aria-invalid': error !== undefined,
  };
  return (
    <Frame name={name} label={label} hint={hint} error={error}>
      <textarea {...control} />
    </Frame>
  );
}

/** One of a list. */
export function SelectField(props: Labelled & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'name'>) {
  const { name, label, hint, error, children, ...rest } = props;
  const control = {
    ...rest,
    id: fieldId(name),
    name,
    'aria-describedby': describedBy(props),
    'aria-invalid': error !== undefined,
  };
  return (
    <Frame name={name} label={label} hint={hint} error={error}>
      <select {...control}>{children}</select>
    </Frame>
  );
}

/** A question with a few answers: radio buttons or checkboxes in one fieldset. */
export function Choices({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

type ChoiceProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  kind?: 'radio' | 'checkbox';
  label: string;
  hint?: ReactNode;
};

/** One answer in `Choices`, or a checkbox by itself. */
export function Choice({ kind = 'radio', label, hint, ...rest }: ChoiceProps) {
  return (
    <label className="choice">
      <input {...rest} type={kind} />
      <span>
        {label}
        {hint === undefined ? null : <span className="choice-hint">{hint}</span>}
      </span>
    </label>
  );
}
