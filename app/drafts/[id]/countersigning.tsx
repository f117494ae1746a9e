// How the countersigner stands to a draft: it decides again from the raw evidence, and until it has, nothing is in the index.

import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';

export function Countersigning({ draft: { countersigning } }: { draft: DraftPage }) {
  const { state, says, at, seenAt } = countersigning;
  if (state === 'none' || state === 'published') return null;
  const seen =
    seenAt === null ? (
      'It has not been heard of yet.'
    ) : (
      <>
        It was last heard of on <Moment at={seenAt} />.
      </>
    );
  if (state === 'awaiting') {
    return (
      <Notice tone="accent" title="Approved, awaiting countersignature">
        <p>
          Enough people have signed. The countersigner now checks everything again by itself; until then nothing is in
          the index.
        </p>
        <p>{seen}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="danger" title="The countersigner did not accept this release. Nothing is in the index.">
      {says === null ? null : <p>{says}</p>}
      <p>
        {at === null ? null : (
          <>
            Decided on <Moment at={at} />.{' '}
          </>
        )}
        {seen}
      </p>
    </Notice>
  );
}
