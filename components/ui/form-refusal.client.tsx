'use client';
// The sentence a refused form shows above its fields. It takes the focus when it appears, and links to the fields concerned.
// What needs a recent sign-in gets the way to confirm it, in a tab of its own, so that the form stays as it is.
// Shows text only: a refusal may quote hostile names, and React escapes them.

import { usePathname } from 'next/navigation';
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
        {refusal.code === 'session.not-fresh' ? <ConfirmLink /> : null}
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

function ConfirmLink() {
  const returnTo = usePathname();
  return (
    <p>
      <a href={`/account/confirm?${new URLSearchParams({ returnTo }).toString()}`} target="_blank" rel="noopener">
        Confirm that it is you (in a new tab)
      </a>
    </p>
  );
}
