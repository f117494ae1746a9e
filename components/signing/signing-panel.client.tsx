'use client';
// The one panel with which everything is signed: release statements, policies, key proofs. Two ways, in this browser or with one's own
// tools, end in the same hand-in; each signature is answered with a sentence. Decides nothing: the server checks every signature.

import { startTransition, useActionState } from 'react';
import { Tabs } from '#components/ui/tabs.client.tsx';
import { BrowserWay } from './browser-way.client.tsx';
import { ClockNotice } from './clock-notice.client.tsx';
import type { DocumentToSign, HandInSignatures, OwnKey, SigningCommand } from './document.client.ts';
import { SigningResults } from './signing-results.client.tsx';
import { UploadWay } from './upload-way.client.tsx';

type SigningPanelProps = {
  document: DocumentToSign;
  /** With which the reader may sign this; the panel is not shown to people without one. */
  keys: OwnKey[];
  commands: SigningCommand[];
  /** "Sign revision 3" */
  submit: string;
  uploadHint: string;
  /** False once there is nothing more to sign: what came of the last signatures still stands there. */
  isOpen: boolean;
  handIn: HandInSignatures;
};

export function SigningPanel({ document, keys, commands, submit, uploadHint, isOpen, handIn }: SigningPanelProps) {
  const [state, send, isHandingIn] = useActionState(handIn, { results: [] });
  function onSigned(armored: string) {
    const form = new FormData();
    form.set('way', 'browser');
    form.set('pasted', armored);
    startTransition(() => send(form));
  }
  const browser = <BrowserWay {...{ document, keys, submit, onSigned, isHandingIn }} />;
  const upload = <UploadWay {...{ document, commands, send, isHandingIn }} hint={uploadHint} />;
  return (
    <>
      <SigningResults state={state} />
      {isOpen ? <ClockNotice address={document.downloadPath} /> : null}
      {isOpen ? (
        <Tabs
          label="How to sign"
          remember="way-to-sign"
          tabs={[
            { key: 'browser', label: 'In this browser', panel: browser },
            { key: 'tools', label: 'With GnuPG or Sequoia', panel: upload },
          ]}
        />
      ) : null}
    </>
  );
}
