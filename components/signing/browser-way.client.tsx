'use client';
// Signing in the browser: with a key that this browser keeps, or with a private key that is chosen or pasted here. Key and passphrase are
// handed to the signing worker and forgotten; only the armored signature goes on.
// Refuses in words: wrong passphrase, another key, no secret part, expired, revoked.

import { Actions, Button } from '#components/ui/button.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { DocumentToSign, OwnKey } from './document.client.ts';
import { FilesAsWell } from './files-as-well.client.tsx';
import { SecretKeyFields } from './secret-fields.client.tsx';
import { SigningScript } from './signing-script.client.tsx';
import { useChosenKey } from './use-browser-keys.client.ts';
import { useFileSigning } from './use-file-signing.client.ts';
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
  const choice = useChosenKey(keys);
  const { chosen } = choice;
  const also = useFileSigning(document);
  const { box, isSigning, refusal, hasForgotten, sign } = useBrowserSigning({
    ...{ document, keys, chosen, onSigned },
    hashThem: also.hashThem,
  });
  const isBusy = isSigning || isHandingIn;
  const signOnce = () => void (isBusy ? undefined : sign());
  return (
    <div ref={box} className="form" data-needs-script>
      <p>
        The key is used on this page for the length of one signature. It is not sent, and its passphrase is not kept;
        only the signature leaves.
      </p>
      <FormRefusal refusal={refusal} />
      {hasForgotten ? <Forgotten /> : null}
      <SecretKeyFields {...choice} onEnter={signOnce} />
      <FilesAsWell also={also} keys={keys} />
      <Actions>
        <Button look="primary" aria-disabled={isBusy} onClick={signOnce}>
          {isSigning ? 'Signing…' : isHandingIn ? 'Handing in…' : submit}
        </Button>
      </Actions>
      <SigningScript />
    </div>
  );
}

export function Forgotten() {
  return (
    <Notice live tone="plain" title="What you had chosen and typed was forgotten.">
      <p>This page was hidden for five minutes. Choose the key and type the passphrase again.</p>
    </Notice>
  );
}
