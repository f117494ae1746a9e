// A published release: where it is in the index, how to install it, and how to check it with ordinary tools alone.

import { CheckCommands } from '#components/project/check-commands.tsx';
import { InstallCommands } from '#components/project/install-commands.tsx';
import { withPath } from '#components/project/release-entries.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';

export function Published({ draft }: { draft: DraftPage }) {
  const { project, version, files, belowSince } = draft;
  const { required, missing } = draft.verdict;
  const evidence = `/evidence/${project}/releases/${version}`;
  const subject = { origin: publicUrl(), project, version };
  return (
    <>
      {belowSince === null ? null : (
        <Notice tone="danger" title={`Below its threshold: ${required - missing} of ${required} signatures count.`}>
          <p>
            Since <Moment at={belowSince} />. Installers that check the threshold refuse it; the countersigner takes it
            out of the index.
          </p>
        </Notice>
      )}
      <Yanked draft={draft} />
      <Clause title="Install it">
        <InstallCommands {...subject} />
        <p>
          In the index: <a href={`/simple/${project}/`}>{project}</a>. Beside it:{' '}
          <a href={`${evidence}/SHA256SUMS`}>the statement</a> and{' '}
          <a href={`${evidence}/SHA256SUMS.asc`}>the signatures over it</a>.
        </p>
        <p>
          For everybody: <a href={`/projects/${project}/releases/${version}`}>the page of this release</a>, with all of
          its evidence.
        </p>
      </Clause>
      <Clause title="Check it without trusting us">
        <CheckCommands
          {...subject}
          threshold={required}
          file={files.map(withPath)[0]}
          hasSignedStatement={draft.lines.some((line) => line.state === 'signed' && line.over === 'statement')}
        />
      </Clause>
    </>
  );
}

/** That it is yanked and why; for owners the way to yank it, and back. */
function Yanked({ draft: { project, version, yankedReason, may } }: { draft: DraftPage }) {
  const link = `/projects/${project}/declare/yank/${version}`;
  if (yankedReason === null)
    return may.yank ? (
      <p>
        Something is wrong with it? <a href={link}>Yank {version}</a>
      </p>
    ) : null;
  return (
    <Notice tone="warning" title="This release is yanked: installers do not choose it by themselves.">
      <p className="wrap-anywhere">“{yankedReason}”</p>
      {may.yank ? (
        <p>
          <a href={link}>Take the yank back</a>
        </p>
      ) : null}
    </Notice>
  );
}
