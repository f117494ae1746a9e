'use client';
// The sentence a refused form shows above its fields. It takes the focus when it appears, and links to the fields concerned.
// Shows text only: a refusal may quote hostile names, and React escapes them.

import { useEffect, useRef } from 'react';
import { fieldId } from './field.tsx';
import { Shape } from './shape.tsx';

type FormRefusalProps = {
  refusal: { code: string; message: string; details?: Record<string, unknown> } | null | undefined;
  /** Fields with faults of their own, in the order of the form. */
  fields?: { name: string; label: string; error: string }[];
};

export function FormRefusal({ refusal, fields = [] }: FormRefusalProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal) box.current?.focus();
  }, [refusal]);
  if (!refusal) return null;
  return (
    <div ref={box} className="notice" data-tone="danger" role="alert" tabIndex={-1} data-code={refusal.code}>
      <Shape name="cross" />
      <div>
        <p className="notice-title">{refusal.message}</p>
        {fields.length === 0 ? null : (
          <ul>
            {fields.map((field) => (
              <li key={field.name}>
                <a href={`#${fieldId(field.name)}`}>{field.label}</a>: {field.error}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
