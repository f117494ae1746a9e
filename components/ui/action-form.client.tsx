'use client';
// A form that calls a server action and shows its refusal above the fields. Without script it posts and the page comes back with the
// refusal; with script what was typed stays where it is (React would empty the fields after every action, so the form is sent by hand).

import { startTransition, useActionState, type FormEvent, type ReactNode } from 'react';
import { Actions, type ButtonLook } from './button.tsx';
import { useAfterAction } from './after-action.client.ts';
import { FormRefusal } from './form-refusal.client.tsx';
import { SubmitButton } from './submit-button.client.tsx';

/** What an action gives back to its form; an action that succeeds usually redirects and gives nothing. */
export type FormState = {
  refusal?: { code: string; message: string; details?: Record<string, unknown> } | undefined;
};

export type FormAction<State extends FormState = FormState> = (before: State, form: FormData) => Promise<State>;

type ActionFormProps<State extends FormState> = {
  action: FormAction<State>;
  /** The name of the form for people who hear the page. */
  label: string;
  submit: string;
  busy?: string;
  look?: ButtonLook;
  children?: ReactNode;
  /** Beside the button: a link back, a second thought. */
  beside?: ReactNode;
  /** Stands before the form, where the action gave back more than a refusal. */
  before?: (state: State) => ReactNode;
};

export function ActionForm<State extends FormState>({
  action,
  label,
  submit,
  busy,
  look = 'primary',
  children,
  beside,
  before,
}: ActionFormProps<State>) {
  // React's type speaks of Awaited<State>, which no generic state fits.
  const [state, send, isBusy] = useActionState(action as unknown as FormAction, {});
  const noteSent = useAfterAction(state);
  function sendKeeping(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    noteSent(event.currentTarget, submit);
    startTransition(() => send(form));
  }
  return (
    <>
      {before?.(state as State)}
      <form action={send} onSubmit={sendKeeping} className="form" aria-label={label}>
        <FormRefusal refusal={state.refusal} />
        {children}
        <Actions>
          <SubmitButton busy={busy} look={look} isBusy={isBusy}>
            {submit}
          </SubmitButton>
          {beside}
        </Actions>
      </form>
    </>
  );
}
