'use client';
// A form that makes a secret and shows it, this one time, where the form was sent from. Without script the page comes back with it. The text stands
// in the page and nowhere else: not in an address, not in storage.

import { useEffect, useRef, type ReactNode } from 'react';
import { ActionForm, type FormAction, type FormState } from '#components/ui/action-form.client.tsx';
import type { ButtonLook } from '#components/ui/button.tsx';
import { Code } from '#components/ui/command.tsx';
import { Shape } from '#components/ui/shape.tsx';

/** What was made: shown once. */
type Made = { title: string; text: string; what: string; says: string };
export type MadeState = FormState & { made?: Made | undefined };

type MadeFormProps = {
  action: FormAction<MadeState>;
  /** The name of the form for people who hear the page. */
  label: string;
  submit: string;
  look?: ButtonLook;
  children?: ReactNode;
};

export function MadeForm(form: MadeFormProps) {
  return <ActionForm {...form} before={({ made }) => (made === undefined ? null : <ShownOnce made={made} />)} />;
}

function ShownOnce({ made: { title, text, what, says } }: { made: Made }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [text]);
  return (
    <div ref={box} className="notice" data-tone="good" role="status" tabIndex={-1}>
      <Shape name="tick" />
      <div>
        <p className="notice-title">{title}</p>
        <Code text={text} what={what} />
        <p>{says}</p>
      </div>
    </div>
  );
}
