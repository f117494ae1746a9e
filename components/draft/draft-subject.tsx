// What is signed of a draft: the digest of the statement in full, the statement itself, and the files that it binds. The same for its people and
// by the personal link of a mail.

import { CheckFiles } from '#components/draft/check-files.client.tsx';
import { FileEntries, type FileEntry } from '#components/draft/file-entries.tsx';
import type { DocumentToSign } from '#components/signing/document.client.ts';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import { sizeText } from '#lib/core/size.ts';
import { readStatement } from '#lib/core/statement.ts';

type SubjectFile = FileEntry & { path: string };

export type DraftToShow = {
  id: string;
  project: string;
  version: string;
  revision: number;
  state: string;
  isOpen: boolean;
  bytes: number;
  statement: { text: string; sha256: string; size: number; fileName: string; path: string };
  policy: { fileSignatures: boolean };
  files: SubjectFile[];
};

export function DraftSubject({ draft }: { draft: DraftToShow }) {
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

const asOneFile = ({ name, sha256, size, path }: SubjectFile) => ({ name, sha256, size, path });

/** The statement with the facts that stand on the page: the signing worker demands that its bytes say the same. */
export function documentOf(draft: DraftToShow): DocumentToSign {
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
