// Form fields: label, hint and fault tied to the control, so that screen readers say them together. Props only; validation is the server's.

import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';
import { Shape } from './shape.tsx';

type Labelled = {
  name: string;
  label: string;
  /** Which one this is, where several fields of a form share a name: each needs an id of its own, or a label names the wrong one. */
  of?: string;
  hint?: ReactNode;
  error?: string | undefined;
};

/** The id of a field's control: error summaries link to it. */
export function fieldId(name: string, of?: string): string {
  return of === undefined ? `field-${name}` : `field-${name}-${of}`;
}

/** What makes a control the one that its label, hint and fault speak of; the rest of the props goes on to it. */
function controlOf<P extends Labelled>({ label: _label, of, hint, error, ...rest }: P) {
  const id = fieldId(rest.name, of);
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  return {
    ...rest,
    id,
    'aria-describedby': ids.filter((part) => part !== '').join(' ') || undefined,
    'aria-invalid': error !== undefined,
  };
}

function Frame({ name, label, of, hint, error, children }: Labelled & { children: ReactNode }) {
  const id = fieldId(name, of);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error === undefined ? null : (
        <p className="field-error" id={`${id}-error`}>
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
export function Field(props: Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'id'>) {
  const { name, label, of, hint, error } = props;
  return (
    <Frame {...{ name, label, of, hint, error }}>
      <input {...controlOf(props)} />
    </Frame>
  );
}

/** Several lines of text: a pasted key, a pasted signature, a reason. */
export function TextField(props: Labelled & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'name' | 'id'>) {
  const { name, label, of, hint, error } = props;
  return (
    <Frame {...{ name, label, of, hint, error }}>
      <textarea {...controlOf(props)} />
    </Frame>
  );
}

/** One of a list. */
export function SelectField({
  children,
  ...props
}: Labelled & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'name' | 'id'>) {
  const { name, label, of, hint, error } = props;
  return (
    <Frame {...{ name, label, of, hint, error }}>
      <select {...controlOf(props)}>{children}</select>
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
