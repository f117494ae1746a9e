// Proving a key: the phrase to sign, in the same panel as everything that is signed; or, where no phrase waits, the button that makes one.

import { SigningPanel } from '#components/signing/signing-panel.client.tsx';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import type { DocumentToSign } from '#components/signing/document.client.ts';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { readKeyProof } from '#lib/core/key.ts';
import type { KeyChallenge, KeyPage } from '#lib/server/queries/account-keys.ts';
import { handInProof, newPhrase } from './actions.ts';

export function Proof({ page }: { page: KeyPage }) {
  const { fingerprint, challenge } = page;
  if (challenge === null) {
    return (
      <Clause title="Prove that it is yours">
        <p>
          You sign one short phrase with it. It names this index, your account, the key and the time, and is good for
          nothing else.
        </p>
        <ActionForm action={newPhrase.bind(null, fingerprint)} label="Make a phrase" submit="Make the phrase to sign" />
      </Clause>
    );
  }
  const document = documentOf(fingerprint, challenge);
  return (
    <>
      <Clause number={1} title="What you sign">
        <p>
          A phrase that names this index, your account, the key and the time. It proves the key and is good for nothing
          else. It can be signed until <Moment at={challenge.expiresAt} />.
        </p>
        <WhatYouSign document={document} what="the phrase" />
      </Clause>
      <Clause number={2} title="Sign it with this key">
        <SigningPanel
          document={document}
          keys={[{ fingerprint, userId: page.userIds[0] ?? '' }]}
          commands={challenge.commands}
          submit="Prove this key"
          uploadHint="The .asc, .sig or .gpg file that your tool made over the phrase."
          isOpen
          handIn={handInProof.bind(null, fingerprint)}
        />
      </Clause>
    </>
  );
}

function documentOf(fingerprint: string, { phrase, sha256, fileName }: KeyChallenge): DocumentToSign {
  const bytes = new TextEncoder().encode(phrase);
  const { index, account, key } = readKeyProof(bytes);
  return {
    shown: { kind: 'key-proof', index, account, key, sha256 },
    text: phrase,
    size: bytes.length,
    fileName,
    downloadPath: `/account/keys/${fingerprint}/phrase`,
  };
}
