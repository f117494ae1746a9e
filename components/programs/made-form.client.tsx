'use client';
// A form that makes a secret and shows it, this one time, where the form was sent from. Without script the page comes back with it. The text stands
// in the page and nowhere else: not in an address, not in storage.

import { startTransition, useActionState, useEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { Actions, type ButtonLook } from '#components/ui/button.tsx';
import { Code } from '#components/ui/command.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Shape } from '#components/ui/shape.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';

/** What was made: shown once. */
type Made = { title: string; text: string; what: string; says: string };
export type MadeState = {
  refusal?: { code: string; message: string; details?: Record<string, unknown> } | undefined;
  made?: Made | undefined;
};

type MadeFormProps = {
  action: (before: MadeState, form: FormData) => Promise<MadeState>;
  /** The name of the form for people who hear the page. */
  label: string;
  submit: string;
  look?: ButtonLook;
  children?: ReactNode;
};

export function MadeForm({ action, label, submit, look = 'primary', children }: MadeFormProps) {
  const [state, send, isBusy] = useActionState(action, {});
  function sendKeeping(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => send(form));
  }
  return (
    <>
      {state.made === undefined ? null : <ShownOnce made={state.made} />}
      <form action={send} onSubmit={sendKeeping} className="form" aria-label={label}>
        <FormRefusal refusal={state.refusal} />
        {children}
        <Actions>
          <SubmitButton look={look} isBusy={isBusy}>
            {submit}
          </SubmitButton>
        </Actions>
      </form>
    </>
  );
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
