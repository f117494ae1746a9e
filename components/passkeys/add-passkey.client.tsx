'use client';
// Adding a passkey: a name for it, then the browser's own dialog. Needs script, and a browser that has passkeys.

import { useState } from 'react';
import { startRegistration, type PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { Field } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { Actions } from '#components/ui/button.tsx';
import { usePasskey, type Asked, type Refused } from './ask-passkey.client.ts';

type AddPasskeyProps = {
  ask: () => Promise<Asked<PublicKeyCredentialCreationOptionsJSON>>;
  add: (answer: string, name: string) => Promise<{ refusal?: Refused | undefined }>;
};

export function AddPasskey({ ask, add }: AddPasskeyProps) {
  const [name, setName] = useState('');
  const handIn = async (answer: string) => {
    const done = await add(answer, name);
    if (done.refusal === undefined) setName('');
    return done;
  };
  const { isBusy, refusal, run } = usePasskey(ask, (optionsJSON) => startRegistration({ optionsJSON }), handIn);
  return (
    <form
      className="form"
      aria-label="Add a passkey"
      data-needs-script
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <FormRefusal refusal={refusal} />
      <Field
        name="passkey-name"
        label="Name of the passkey"
        hint="So that you know it again: “laptop”, “blue security key”."
        required
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Actions>
        <SubmitButton isBusy={isBusy} busy="Waiting for your passkey…">
          Add a passkey
        </SubmitButton>
      </Actions>
    </form>
  );
}
