// Proving a key: four ways, of which one is enough. Two sign a phrase, in the same panel as everything that is signed (or, where no phrase
// waits, behind the button that makes one); two open an encrypted message (opening.tsx).

import { SigningPanel } from '#components/signing/signing-panel.client.tsx';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import type { DocumentToSign } from '#components/signing/document.client.ts';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { readKeyProof } from '#lib/core/key.ts';
import type { KeyChallenge, KeyPage } from '#lib/server/queries/account-keys.ts';
import { handInProof, newPhrase } from './actions.ts';
import { Opening } from './opening.tsx';

export function Proof({ page }: { page: KeyPage }) {
  const { fingerprint, challenge } = page;
  if (challenge === null) {
    return (
      <>
        <FourWays canOpenMail={page.canOpenMail} />
        <Clause title="Prove that it is yours" id="sign">
          <p>
            You sign one short phrase with it. It names this index, your account, the key and the time, and is good for
            nothing else.
          </p>
          <ActionForm
            action={newPhrase.bind(null, fingerprint)}
            label="Make a phrase"
            submit="Make the phrase to sign"
          />
        </Clause>
        <Opening page={page} />
      </>
    );
  }
  const document = documentOf(fingerprint, challenge);
  return (
    <>
      <FourWays canOpenMail={page.canOpenMail} />
      <Clause number={1} title="What you sign">
        <p>
          A phrase that names this index, your account, the key and the time. It proves the key and is good for nothing
          else. It can be signed until <Moment at={challenge.expiresAt} />.
        </p>
        <WhatYouSign document={document} what="the phrase" />
      </Clause>
      <Clause number={2} title="Sign it with this key" id="sign">
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
      <Opening page={page} />
    </>
  );
}

/** What there is to choose from, before anything asks for a decision. */
function FourWays({ canOpenMail }: { canOpenMail: boolean }) {
  return (
    <Clause title={canOpenMail ? 'Four ways, one is enough' : 'Two ways, one is enough'}>
      <ul>
        <li>
          <a href="#sign">Sign a phrase in this browser</a>: nothing to install.
        </li>
        <li>
          <a href="#sign">Sign it with GnuPG or Sequoia</a>, and hand in the signature.
        </li>
        {canOpenMail ? (
          <>
            <li>
              <a href="#open">Open an encrypted mail</a> with one command, and follow the link inside.
            </li>
            <li>
              <a href="#open">Open the same message on this page</a>.
            </li>
          </>
        ) : null}
      </ul>
    </Clause>
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
