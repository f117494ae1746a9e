'use client';
// Signing in the browser: the private key is chosen or pasted here, handed to the signing worker together with the passphrase, and
// forgotten. None of these fields has a name or stands in a form, nothing of them is kept in React's state, and only the armored
// signature goes on. Refuses in words: wrong passphrase, another key, no secret part, expired, revoked.

import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { signInWorker } from '#lib/browser/sign.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { announce } from '#components/ui/announce.client.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import type { DocumentToSign, OwnKey } from './document.client.ts';

type BrowserWayProps = {
  document: DocumentToSign;
  keys: OwnKey[];
  /** "Sign revision 3" */
  submit: string;
  /** Gets the armored signature, and nothing else. */
  onSigned: (armored: string) => void;
  isHandingIn: boolean;
};

type Refused = { code: string; message: string };

export function BrowserWay({ document, keys, submit, onSigned, isHandingIn }: BrowserWayProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const pasted = useRef<HTMLTextAreaElement>(null);
  const passphrase = useRef<HTMLInputElement>(null);
  const [isSigning, setSigning] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);

  function forget(all: boolean) {
    if (passphrase.current) passphrase.current.value = '';
    if (!all) return;
    if (pasted.current) pasted.current.value = '';
    const file = box.current?.querySelector<HTMLInputElement>('input[type=file]');
    if (file) file.value = '';
  }
  async function sign() {
    const file = box.current?.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0];
    const privateKey = file ?? pasted.current?.value ?? '';
    setRefusal(null);
    setSigning(true);
    try {
      const now = await requireFresh(document.downloadPath, document.text);
      const answer = await signInWorker({
        shown: document.shown,
        bytes: new TextEncoder().encode(document.text),
        privateKey,
        passphrase: passphrase.current?.value ?? '',
        expectedKeys: keys.map((key) => key.fingerprint),
        now,
      });
      forget(answer.refusal === undefined);
      if (answer.refusal === undefined) {
        announce('Signed. The signature is being handed in.');
        onSigned(answer.armored);
      } else setRefusal(answer.refusal);
    } catch (fault) {
      forget(false);
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      setSigning(false);
    }
  }
  const isBusy = isSigning || isHandingIn;
  const onEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !isBusy) void sign();
  };
  return (
    <div ref={box} className="form" data-needs-script>
      <p>
        The key is used on this page for the length of one signature. It is not sent, stored or kept; only the signature
        leaves.
      </p>
      <FormRefusal refusal={refusal} />
      <DropFiles label="Private key file" hint="An exported OpenPGP private key, armored or binary." />
      <div className="field">
        <label htmlFor={`${id}-pasted`}>Or paste the private key</label>
        <textarea id={`${id}-pasted`} ref={pasted} rows={4} autoComplete="off" spellCheck={false} className="font-mono" />
      </div>
      <div className="field">
        <label htmlFor={`${id}-passphrase`}>Passphrase of the key</label>
        <p className="field-hint" id={`${id}-hint`}>
          Leave it empty if the key has none.
        </p>
        <input
          id={`${id}-passphrase`}
          ref={passphrase}
          type="password"
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onKeyDown={onEnter}
        />
      </div>
      <Actions>
        <Button look="primary" aria-disabled={isBusy} onClick={() => void (isBusy ? undefined : sign())}>
          {isSigning ? 'Signing…' : isHandingIn ? 'Handing in…' : submit}
        </Button>
      </Actions>
    </div>
  );
}
