// A declaration that waits: to be signed by an owner (with the same panel and the same two ways as a release), or for the countersigner.
// It can be dropped until the countersigner has it.

import type { DocumentToSign } from '#components/signing/document.client.ts';
import { SigningPanel } from '#components/signing/signing-panel.client.tsx';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { OpenDeclaration } from '#lib/server/queries/declaration-page.ts';
import { drop, handInForDeclaration } from './actions.ts';

type WaitingProps = { project: string; open: OpenDeclaration; mayDeclare: boolean; here: string };

export function Waiting({ project, open, mayDeclare, here }: WaitingProps) {
  const { name, sha256, panel, signedBy, says } = open;
  const isOpen = signedBy === null && panel.cannotSign === null && says === null;
  return (
    <>
      <Standing open={open} />
      <Clause number={1} title={signedBy === null ? 'What you sign' : 'What was signed'}>
        <p>
          The {name}, prepared by {open.proposedBy} on <Moment at={open.proposedAt} />: “{open.declaration.reason}”
        </p>
        <WhatYouSign document={documentOf(open)} what={`the ${name}`} isOpen={signedBy === null} />
      </Clause>
      {signedBy === null ? (
        <Clause number={2} title="Sign it">
          <p>{isOpen ? panel.will : panel.cannotSign}</p>
          <SigningPanel
            document={documentOf(open)}
            keys={panel.keys}
            commands={panel.commands}
            submit={`Sign the ${name}`}
            uploadHint="The .asc, .sig or .gpg file that your tool made over the document."
            isOpen={isOpen}
            handIn={handInForDeclaration.bind(null, project, sha256, here)}
          />
        </Clause>
      ) : null}
      {mayDeclare ? (
        <Clause title="Or drop it">
          <p>
            The index stays as it is. What the countersigner has taken already is taken back by declaring the contrary.
          </p>
          <ActionForm
            action={drop.bind(null, project, sha256, here)}
            label={`Drop the ${name}`}
            submit={`Drop the ${name}`}
            look="danger"
          />
        </Clause>
      ) : null}
    </>
  );
}

/** Where it stands: refused, or signed and on its way. */
function Standing({ open: { name, signedBy, says } }: { open: OpenDeclaration }) {
  if (says !== null)
    return (
      <Notice tone="danger" title={`The ${name} cannot take effect.`}>
        <p>{says}</p>
      </Notice>
    );
  if (signedBy === null) return null;
  return (
    <Notice tone="accent" title={`The ${name} is signed by ${signedBy}, and waits for the countersigner.`}>
      <p>It checks the signature by itself; until then the index says what it said before.</p>
    </Notice>
  );
}

/** The document with the facts that stand on the page: the signing worker demands that its bytes say the same. */
function documentOf({ declaration, sha256, panel }: OpenDeclaration): DocumentToSign {
  const { index, project, reason, number } = declaration;
  const common = { index, project, reason, number, sha256 };
  return {
    shown:
      declaration.type === 'countersign/yank'
        ? { kind: 'yank', ...common, version: declaration.version, action: declaration.action }
        : { kind: 'status', ...common, status: declaration.status },
    ...{ text: panel.text, size: panel.size, fileName: panel.fileName, downloadPath: panel.downloadPath },
  };
}
