// Beside a draft: by which rules, what happened, and the revisions before this one with the signatures that no longer count.

import { allOf } from '#components/draft/file-entries.tsx';
import { Digest } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Timeline } from '#components/history/timeline.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import type { EarlierRevision } from '#lib/server/queries/earlier-revisions.ts';

export function Aside({ draft }: { draft: DraftPage }) {
  const { project, policy, history, earlier } = draft;
  return (
    <>
      <section>
        <h2>By which rules</h2>
        <p>
          <a href={`/projects/${project}/policy/${policy.version}`}>Policy {policy.version}</a>: each file needs{' '}
          {policy.threshold === 1 ? 'one person' : `${policy.threshold} people`}
          {policy.openerCounts ? '.' : '; whoever opened the draft does not count.'}
        </p>
      </section>
      <section>
        <h2>What happened</h2>
        <Timeline label="What happened to this draft, newest first" entries={history} place="in-draft" short />
        <p>
          <a href={`/drafts/${draft.id}/history`}>All of its history</a>
        </p>
      </section>
      {earlier.length === 0 ? null : (
        <section>
          <h2>Earlier revisions</h2>
          <ol className="entries">
            {earlier.map((revision) => (
              <Revision key={revision.number} revision={revision} />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Revision({ revision }: { revision: EarlierRevision }) {
  const { number, sha256, createdAt, createdBy, signedBy, changes } = revision;
  return (
    <li>
      <p>
        <strong>Revision {number}</strong> by {createdBy}, <Moment at={createdAt} />
      </p>
      <p className="entry-facts">
        {signedBy.length === 0 ? 'Nobody had signed it.' : `Signed by ${allOf(signedBy)}, for this revision only.`}
      </p>
      {changes.length === 0 ? null : <p className="entry-facts">Then {changes.join(', ')}.</p>}
      <p className="entry-facts">
        <Digest value={sha256} />
      </p>
    </li>
  );
}
