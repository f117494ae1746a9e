// What a project has published, with the state of each release in words, who signed it by which policy, its evidence and its files.
import { allOf, FileEntries } from '#components/draft/file-entries.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';

export type ReleaseEntry = {
  version: string;
  publishedAt: Date;
  state: 'published' | 'yanked' | 'quarantined';
  reason: string | null;
  quarantine: { since: Date; reason: string; kept: string; wayBack: string } | null;
  belowSince: Date | null;
  record: { serial: number; policy: number; signedBy: string[] } | null;
  hasSignedStatement: boolean;
  files: { name: string; sha256: string; size: number }[];
  draft: string | null;
};

export function ReleaseEntries({ releases, project }: { releases: ReleaseEntry[]; project: string }) {
  return (
    <ul className="entries" aria-label="Releases">
      {releases.map((release) => (
        <li key={release.version}>
          <div className="entry-head">
            <h3>
              <a href={`/projects/${project}/releases/${release.version}`}>{release.version}</a>
            </h3>
            <StateChip state={release.state} />
          </div>
          <SignedBy release={release} project={project} />
          <Standing release={release} />
          <Evidence release={release} project={project} />
          <details className="reveal">
            <summary>{release.files.length === 1 ? '1 file' : `${release.files.length} files`} with digests</summary>
            <FileEntries files={release.files.map(withPath)} label={`Files of ${release.version}`} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function SignedBy({ release: { record }, project }: { release: ReleaseEntry; project: string }) {
  if (record === null) return null;
  const who = record.signedBy.length === 0 ? 'Released' : `Signed by ${allOf(record.signedBy)}`;
  return (
    <p>
      {who} under <a href={`/projects/${project}/policy/${record.policy}`}>policy {record.policy}</a>.
    </p>
  );
}

/** What is wrong with it, in a sentence; nothing where it stands. */
export function Standing({
  release: { state, reason, quarantine, belowSince },
}: {
  release: Pick<ReleaseEntry, 'state' | 'reason' | 'quarantine' | 'belowSince'>;
}) {
  if (state === 'yanked') return <p>Its owners advise against it: {reason}</p>;
  if (quarantine !== null)
    return (
      <>
        <p className="text-danger">
          Since <Moment at={quarantine.since} />: {quarantine.reason}
        </p>
        <p>
          {quarantine.kept} {quarantine.wayBack}
        </p>
      </>
    );
  if (belowSince === null) return null;
  return (
    <p className="text-danger">
      Below its threshold since <Moment at={belowSince} />: signatures on it no longer count.
    </p>
  );
}

function Evidence({ release, project }: { release: ReleaseEntry; project: string }) {
  const { version, record, publishedAt, hasSignedStatement, draft } = release;
  const folder = `/evidence/${project}/releases/${version}`;
  return (
    <p className="entry-facts">
      Published on <Moment at={publishedAt} />.{' '}
      {draft === null ? null : (
        <>
          <a href={`/drafts/${draft}`}>Draft</a>,{' '}
        </>
      )}
      <a href={`${folder}/SHA256SUMS`}>Statement</a>
      {hasSignedStatement ? (
        <>
          , <a href={`${folder}/SHA256SUMS.asc`}>signatures</a>
        </>
      ) : null}
      {record === null ? null : (
        <>
          , <a href={`${folder}/${record.serial}.json`}>record {record.serial}</a>,{' '}
          <a href={`/projects/${project}/releases/${version}/${project}-${version}.evidence.zip`} download>
            all in one file
          </a>
        </>
      )}
    </p>
  );
}

/** The index tree: files/aa/bb/SHA256/NAME (docs/formats/index-tree.md). */
export const withPath = <F extends { sha256: string; name: string }>(file: F): F & { path: string } => ({
  ...file,
  path: `/files/${file.sha256.slice(0, 2)}/${file.sha256.slice(2, 4)}/${file.sha256}/${file.name}`,
});
