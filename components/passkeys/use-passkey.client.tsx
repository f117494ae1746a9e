'use client';
// The button that signs in with a passkey, or confirms with one that it is still you. Needs script: without it the way by mail stands beside.

import { startAuthentication, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { Actions, Button, type ButtonLook } from '#components/ui/button.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { usePasskey, type Asked, type Refused } from './ask-passkey.client.ts';

type UsePasskeyProps = {
  label: string;
  look?: ButtonLook;
  ask: () => Promise<Asked<PublicKeyCredentialRequestOptionsJSON>>;
  /** Hands the answer in and goes on where the person wanted to be. */
  confirm: (answer: string) => Promise<{ refusal?: Refused | undefined }>;
};

export function UsePasskey({ label, look = 'plain', ask, confirm }: UsePasskeyProps) {
  const { isBusy, refusal, run } = usePasskey(ask, (optionsJSON) => startAuthentication({ optionsJSON }), confirm);
  return (
    <div className="form" data-needs-script>
      <FormRefusal refusal={refusal} />
      <Actions>
        <Button look={look} aria-disabled={isBusy} onClick={() => void run()}>
          {isBusy ? 'Waiting for your passkey…' : label}
        </Button>
      </Actions>
    </div>
  );
}
