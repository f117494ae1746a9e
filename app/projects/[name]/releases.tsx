// What is published: versions with their files and digests, how to install the newest one, and how to check it with ordinary tools.

import { FileEntries } from '#components/draft/file-entries.tsx';
import { CheckCommands, InstallCommands } from '#components/project/install-commands.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import type { ProjectPage, ReleaseRow } from '#lib/server/queries/project-page.ts';

export function Releases({ project }: { project: ProjectPage }) {
  const { name, releases } = project;
  const newest = releases.find((release) => release.state === 'published');
  return (
    <>
      <Clause title="Releases">
        {releases.length === 0 ? (
          <Empty title="Nothing is published yet" level={3}>
            A release appears here, and in the index, once enough people have signed it.
          </Empty>
        ) : (
          <ReleaseEntries releases={releases} project={name} />
        )}
      </Clause>
      {newest === undefined ? null : (
        <>
          <Clause title="Install">
            <InstallCommands origin={publicUrl()} project={name} version={newest.version} />
          </Clause>
          <Clause title="Check it without trusting us">
            <CheckCommands origin={publicUrl()} project={name} version={newest.version} file={newest.files[0]?.name} />
          </Clause>
        </>
      )}
    </>
  );
}

function ReleaseEntries({ releases, project }: { releases: ReleaseRow[]; project: string }) {
  return (
    <ul className="entries" aria-label="Releases">
      {releases.map((release) => (
        <li key={release.version}>
          <div className="entry-head">
            <h3>
              {release.draft === null ? release.version : <a href={`/drafts/${release.draft}`}>{release.version}</a>}
            </h3>
            <StateChip state={release.state} />
          </div>
          <p className="entry-facts">
            <Moment at={release.publishedAt} />.{' '}
            <a href={`/evidence/${project}/releases/${release.version}/SHA256SUMS`}>Statement</a>,{' '}
            <a href={`/evidence/${project}/releases/${release.version}/SHA256SUMS.asc`}>signatures</a>
          </p>
          {release.belowSince === null ? null : (
            <p className="text-danger">
              Below its threshold since <Moment at={release.belowSince} />: a key that signed it was revoked as
              compromised.
            </p>
          )}
          <details className="reveal">
            <summary>{release.files.length === 1 ? '1 file' : `${release.files.length} files`} with digests</summary>
            <FileEntries files={release.files.map(withPath)} label={`Files of ${release.version}`} />
          </details>
        </li>
      ))}
    </ul>
  );
}

// The index tree: files/aa/bb/SHA256/NAME (docs/formats).
const withPath = (file: ReleaseRow['files'][number]) => ({
  ...file,
  path: `/files/${file.sha256.slice(0, 2)}/${file.sha256.slice(2, 4)}/${file.sha256}/${file.name}`,
});
