'use client';
// A key from a key server: the full fingerprint in, what the server has is shown, and only a second step adds it. Both steps are plain forms, so
// they work without script. What the server gave was checked against the fingerprint; it is checked again when it is added.

import { startTransition, useActionState, type FormEvent } from 'react';
import type { KeyFacts } from '#lib/core/key.ts';
import { ActionForm, type FormAction, type FormState } from '#components/ui/action-form.client.tsx';
import { Actions } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { KeyFactsList } from './key-facts.tsx';

/** What a fetch gives back: a refusal, or the key to look at with its text as it would be added. */
export type FetchState = FormState & { found?: { server: string; facts: KeyFacts; certificate: string } };

type FetchKeyProps = {
  fetchKey: (before: FetchState, form: FormData) => Promise<FetchState>;
  addKey: FormAction;
  /** The key servers that are asked, in this order. */
  servers: readonly string[];
};

export function FetchKey({ fetchKey, addKey, servers }: FetchKeyProps) {
  const [state, send, isBusy] = useActionState<FetchState, FormData>(fetchKey, {});
  function sendKeeping(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => send(form));
  }
  return (
    <>
      <form action={send} onSubmit={sendKeeping} className="form" aria-label="Fetch a key from a key server">
        <FormRefusal refusal={state.refusal} />
        <Field
          name="fingerprint"
          label="Full fingerprint of your key"
          hint={`40 or 64 digits, spaces do not matter. This server asks ${servers.join(', then ')}; nothing is stored by that.`}
          className="font-mono"
          autoComplete="off"
          spellCheck={false}
          required
        />
        <Actions>
          <SubmitButton look="plain" isBusy={isBusy} busy="Asking the key server…">
            Fetch it
          </SubmitButton>
        </Actions>
      </form>
      {state.found === undefined ? null : <Found {...state.found} addKey={addKey} />}
    </>
  );
}

function Found({ server, facts, certificate, addKey }: NonNullable<FetchState['found']> & { addKey: FormAction }) {
  return (
    <section aria-label="What the key server has">
      <h3>What {server} has</h3>
      <p className="text-soft">It is the key with that fingerprint. Nothing is stored yet.</p>
      <KeyFactsList
        {...facts}
        fingerprint={facts.primary}
        created={new Date(facts.created)}
        expires={facts.expires === null ? null : new Date(facts.expires)}
      />
      <ActionForm action={addKey} label="Add the fetched key" submit="Add the fetched key" busy="Reading the key…">
        <input type="hidden" name="pasted" value={certificate} />
      </ActionForm>
    </section>
  );
}
