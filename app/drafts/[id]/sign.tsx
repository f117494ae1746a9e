// Signing the current revision: what it will do, the panel, or the sentence that says why the reader cannot or need not.

import { documentOf } from '#components/draft/draft-subject.tsx';
import { canSign, SignedAlready, wordsFor } from '#components/draft/signing-words.tsx';
import { SigningPanel } from '#components/signing/signing-panel.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import { handInForDraft, takeBack } from './actions.ts';

export function Sign({ draft }: { draft: DraftPage }) {
  const { panel, id, revision, policy } = draft;
  const isOpen = canSign(panel);
  return (
    <>
      <OwnSignatures draft={draft} />
      <p>{wordsFor(panel)}</p>
      <SigningPanel
        document={documentOf(draft)}
        keys={panel?.keys ?? []}
        commands={panel?.commands ?? []}
        submit={`Sign revision ${revision}`}
        uploadHint={policy.fileSignatures && draft.state === 'draft' ? hints.statementOrFiles : hints.statement}
        isOpen={isOpen}
        handIn={handInForDraft.bind(null, id, revision)}
      />
    </>
  );
}

const hints = {
  statement: 'The .asc, .sig or .gpg over the statement.',
  statementOrFiles: 'The .asc, .sig or .gpg over the statement; signatures over the single files count too.',
};

function OwnSignatures({ draft: { lines, panel, id } }: { draft: DraftPage }) {
  const mine = lines.filter((line) => line.state === 'signed').filter((line) => line.mine);
  return (
    <>
      <SignedAlready panel={panel} />
      {mine.map((line) => (
        <details key={line.id} className="reveal">
          <summary>Take your signature back</summary>
          <p>
            It stops counting at once and the same signature never enters again; you can sign anew. This is possible
            until the release is approved.
          </p>
          <ActionForm
            action={takeBack.bind(null, id, line.id)}
            label={`Take back your signature over ${line.over}`}
            submit="Take it back"
            look="danger"
          />
        </details>
      ))}
    </>
  );
}
