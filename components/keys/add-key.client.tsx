'use client';
// Registering a key: choose, drop or paste a public key, read what it says, then send it. A private key is recognised here and refused before a
// byte leaves. Without script the form posts and the server says the same; the facts stand on the next page then.

import { startTransition, useActionState, useState, type FormEvent } from 'react';
import { readKeyInWorker, type KeyAnswer } from '#lib/browser/read-key.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import type { FormAction } from '#components/ui/action-form.client.tsx';
import { Actions } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { TextField } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { KeyFactsList } from './key-facts.tsx';

type AddKeyProps = {
  action: FormAction;
  /** The server's time, at which the key must be usable. */
  now: number;
};

export function AddKey({ action, now }: AddKeyProps) {
  const [state, send, isBusy] = useActionState(action, {});
  const [answer, setAnswer] = useState<KeyAnswer | null>(null);

  async function look(source: Blob | string): Promise<boolean> {
    const bytes = new Uint8Array(await new Blob([source]).arrayBuffer());
    if (bytes.length === 0) {
      setAnswer(null);
      return true; // the server says what is missing
    }
    const read = await readKeyInWorker({ bytes, now });
    setAnswer(read);
    return read.refusal?.code !== 'upload.private-key';
  }
  async function sendChecked(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const file = form.get('file');
    const source = file instanceof File && file.size > 0 ? file : String(form.get('pasted') ?? '');
    if (await look(source)) startTransition(() => send(form));
    else element.reset();
  }
  const refusal = answer?.refusal ?? state.refusal;
  return (
    <form action={send} onSubmit={(event) => void sendChecked(event)} className="form" aria-label="Add a key">
      <FormRefusal refusal={refusal} />
      <DropFiles
        label="Public key file"
        hint="Armored or binary. Drop it here or choose it."
        name="file"
        onFiles={(files) => (files[0] === undefined ? true : look(files[0]))}
      />
      <TextField
        name="pasted"
        label="Or paste the public key"
        rows={6}
        spellCheck={false}
        className="font-mono"
        onBlur={(event) => void (event.target.value.trim() === '' ? undefined : look(event.target.value))}
      />
      {answer?.facts === undefined ? null : <Preview facts={answer.facts} />}
      <Actions>
        <SubmitButton isBusy={isBusy} busy="Reading the key…">
          Add this key
        </SubmitButton>
      </Actions>
    </form>
  );
}

function Preview({ facts }: { facts: KeyFacts }) {
  return (
    <section aria-label="What this key says">
      <h2>What this key says</h2>
      <p className="text-soft">Nothing has been sent yet. Compare the fingerprint with what your own tool shows.</p>
      <KeyFactsList
        {...facts}
        fingerprint={facts.primary}
        created={new Date(facts.created)}
        expires={facts.expires === null ? null : new Date(facts.expires)}
      />
    </section>
  );
}
