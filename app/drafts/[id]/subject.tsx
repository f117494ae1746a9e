// What is signed: the digest of the statement in full, the statement itself, and the files that it binds.

import { CheckFiles } from '#components/draft/check-files.client.tsx';
import { FileEntries } from '#components/draft/file-entries.tsx';
import type { DocumentToSign } from '#components/signing/document.client.ts';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import { sizeText } from '#lib/core/size.ts';
import { readStatement } from '#lib/core/statement.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';

export function Subject({ draft }: { draft: DraftPage }) {
  const { files, bytes } = draft;
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  return (
    <>
      <WhatYouSign document={documentOf(draft)} what="the statement" isOpen={draft.isOpen} />
      <h3 className="mt-8">
        {count}, {sizeText(bytes)}
      </h3>
      <FileEntries files={files} label="Files of this release" />
      {draft.isOpen ? <CheckFiles files={files.map(asOneFile)} /> : null}
    </>
  );
}

const asOneFile = ({ name, sha256, size, path }: DraftPage['files'][number]) => ({ name, sha256, size, path });

/** The statement with the facts that stand on the page: the signing worker demands that its bytes say the same. */
export function documentOf(draft: DraftPage): DocumentToSign {
  const { id, project, version, revision, state, statement, policy, files } = draft;
  const { text, sha256, size, fileName, path } = statement;
  const { index } = readStatement(new TextEncoder().encode(text));
  return {
    shown: { kind: 'statement', index, project, version, draft: id, revision, sha256 },
    ...{ text, size, fileName, downloadPath: path },
    // A release that was published before is signed again by its statement alone.
    files: policy.fileSignatures && state === 'draft' ? files.map(asOneFile) : [],
  };
}
