// One of several drafts before they are signed: where it stands, what the signature will do, and what is signed: digest, statement and files.

import { SinceRelease } from '#components/changes/since-release.tsx';
import { documentOf } from '#components/draft/draft-subject.tsx';
import { FileEntries } from '#components/draft/file-entries.tsx';
import { sayProgress } from '#components/draft/say-progress.ts';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import { sizeText } from '#lib/core/size.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';

export function OneDraft({ draft, number }: { draft: DraftPage; number: number }) {
  const { id, project, version, revision, openedBy, openedAt, state, verdict, files, bytes, panel, heldBack } = draft;
  const signed = verdict.required - verdict.missing;
  return (
    <Clause number={number} title={`${project} ${version}`}>
      <p>
        Revision {revision}, opened by {openedBy} on <Moment at={openedAt} />.{' '}
        {sayProgress({ ...verdict, signed, state })} {panel?.will}
      </p>
      {heldBack === null ? null : <Notice tone="warning" title={heldBack} />}
      <WhatYouSign document={documentOf(draft)} what="the statement" />
      <SinceRelease since={draft.sinceRelease} details={`/drafts/${id}/changes`} />
      <details className="reveal">
        <summary>
          {files.length === 1 ? '1 file' : `${files.length} files`}, {sizeText(bytes)}
        </summary>
        <FileEntries files={files} label={`Files of ${project} ${version}`} />
      </details>
      <p>
        <a href={`/drafts/${id}`}>
          Open {project} {version} by itself
        </a>
        , for its history, its earlier revisions, or to decline it.
      </p>
    </Clause>
  );
}
