'use client';
// Signing with one's own tools alone, where nobody is signed in: the commands, the plain form, and what came of it. Works without script.

import { useActionState } from 'react';
import { ClockNotice } from './clock-notice.client.tsx';
import type { DocumentToSign, HandInSignatures, SigningCommand } from './document.client.ts';
import { SigningResults } from './signing-results.client.tsx';
import { UploadWay } from './upload-way.client.tsx';

type HandInPanelProps = {
  document: DocumentToSign;
  commands: SigningCommand[];
  uploadHint: string;
  /** False once there is nothing more to sign: what came of the last signatures still stands there. */
  isOpen: boolean;
  handIn: HandInSignatures;
};

export function HandInPanel({ document, commands, uploadHint, isOpen, handIn }: HandInPanelProps) {
  const [state, send, isHandingIn] = useActionState(handIn, { results: [] });
  return (
    <>
      <SigningResults state={state} />
      {isOpen ? <ClockNotice address={document.downloadPath} /> : null}
      {isOpen ? <UploadWay {...{ document, commands, send, isHandingIn }} hint={uploadHint} /> : null}
    </>
  );
}
