'use client';
// Signing in the browser: the private key is chosen or pasted here, handed to the signing worker together with the passphrase, and
// forgotten. None of these fields has a name or stands in a form, and only the armored signature goes on.
// Refuses in words: wrong passphrase, another key, no secret part, expired, revoked.

import { useId, type KeyboardEvent } from 'react';
import { Actions, Button } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import type { DocumentToSign, OwnKey } from './document.client.ts';
import { useBrowserSigning } from './use-browser-signing.client.ts';

type BrowserWayProps = {
  document: DocumentToSign;
  keys: OwnKey[];
  /** "Sign revision 3" */
  submit: string;
  /** Gets the armored signature, and nothing else. */
  onSigned: (armored: string) => void;
  isHandingIn: boolean;
};

export function BrowserWay({ document, keys, submit, onSigned, isHandingIn }: BrowserWayProps) {
  const { box, isSigning, refusal, sign } = useBrowserSigning({ document, keys, onSigned });
  const isBusy = isSigning || isHandingIn;
  const signOnce = () => void (isBusy ? undefined : sign());
  return (
    <div ref={box} className="form" data-needs-script>
      <p>
        The key is used on this page for the length of one signature. It is not sent, stored or kept; only the signature
        leaves.
      </p>
      <FormRefusal refusal={refusal} />
      <DropFiles label="Private key file" hint="An exported OpenPGP private key, armored or binary." />
      <SecretFields onEnter={signOnce} />
      <Actions>
        <Button look="primary" aria-disabled={isBusy} onClick={signOnce}>
          {isSigning ? 'Signing…' : isHandingIn ? 'Handing in…' : submit}
        </Button>
      </Actions>
    </div>
  );
}

function SecretFields({ onEnter }: { onEnter: () => void }) {
  const id = useId();
  const ifEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter();
  };
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-key`}>Or paste the private key</label>
        <textarea
          id={`${id}-key`}
          data-secret="key"
          rows={4}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-passphrase`}>Passphrase of the key</label>
        <p className="field-hint" id={`${id}-hint`}>
          Leave it empty if the key has none.
        </p>
        <input
          id={`${id}-passphrase`}
          data-secret="passphrase"
          type="password"
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onKeyDown={ifEnter}
        />
      </div>
    </>
  );
}
