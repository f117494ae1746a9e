'use client';
// Makes a key that lives in this browser and registers its public half, in one step: first it is kept here, then it is added to the account
// as any key is. If the server refuses it, it is dropped here as well. The secret is never in this script's hands.

import { startTransition, useActionState, type FormEvent } from 'react';
import { makeDeviceKey } from '#lib/browser/device-key.ts';
import { dropDeviceKey, keepDeviceKey } from '#lib/browser/device-key-store.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { FormAction, FormState } from '#components/ui/action-form.client.tsx';
import { Actions } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';

type MakeDeviceKeyProps = {
  account: string;
  /** The name that stands in the field: "ada (Firefox on Linux)". */
  suggested: string;
  /** The server's time: when the key was made. */
  now: number;
  /** Adds a public key to the account and goes to its page. */
  register: FormAction;
};

export function MakeDeviceKey({ account, suggested, now, register }: MakeDeviceKeyProps) {
  const [state, send, isBusy] = useActionState(make, {});

  async function make(before: FormState, form: FormData): Promise<FormState> {
    try {
      const { key, userId, armored } = await makeDeviceKey(String(form.get('name') ?? ''), now);
      await keepDeviceKey({ ...key, account, userId, madeAt: now });
      const publicHalf = new FormData();
      publicHalf.set('certificate', armored);
      const answer = await register(before, publicHalf);
      if (answer.refusal) await dropDeviceKey(key.fingerprint);
      return answer;
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      return { refusal: { code: fault.code, message: fault.message } };
    }
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => send(form));
  }
  return (
    <form onSubmit={submit} className="form" aria-label="Make a key of this browser" data-needs-script>
      <FormRefusal refusal={state.refusal} />
      <Field
        name="name"
        label="Name of the key"
        hint="Name the device, so that you and others know later which one to end. It is public and cannot be changed."
        defaultValue={suggested}
        maxLength={100}
        autoComplete="off"
        required
      />
      <Actions>
        <SubmitButton isBusy={isBusy} busy="Making the key…">
          Make the key and add it
        </SubmitButton>
      </Actions>
    </form>
  );
}
