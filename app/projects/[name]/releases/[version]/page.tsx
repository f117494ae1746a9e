// A published release as everybody sees it: how it stands, who signed what, its files, and how to check it without this site. Another spelling of the
// project's name leads to the one address.

import { cache } from 'react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { allOf, FileEntries } from '#components/draft/file-entries.tsx';
import { RebuildEntries } from '#components/draft/rebuild-entries.tsx';
import { CheckBundle } from '#components/project/check-bundle.tsx';
import { CheckCommands } from '#components/project/check-commands.tsx';
import { InstallCommands } from '#components/project/install-commands.tsx';
import { ElsewhereEntries } from '#components/project/elsewhere-entries.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { Standing, withPath } from '#components/project/release-entries.tsx';
import { Description } from '#components/release/description.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { clientDownload, publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { releasePage, type ReleasePage } from '#lib/server/queries/release-page.ts';

type Props = { params: Promise<{ name: string; version: string }> };

const loadRelease = cache((name: string, version: string) =>
  load(`/projects/${name}/releases/${version}`, async () =>
    releasePage(await currentActor(), decodeURIComponent(name), decodeURIComponent(version)),
  ),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  const release = await loadRelease(name, version);
  return { title: `${release.project} ${release.version}` };
}

export default async function OneReleasePage({ params }: Props) {
  const { name, version } = await params;
  const release = await loadRelease(name, version);
  if (release.project !== name) redirect(`/projects/${release.project}/releases/${release.version}`);
  const { project } = release;
  return (
    <>
      <PageHeading
        title={`${project} ${release.version}`}
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={leadOf(release)}
        aside={<StateChip state={release.state} />}
      />
      <ProjectNav project={project} />
      <Columns asideLabel="Evidence" aside={<Evidence release={release} />}>
        <Standing release={release} />
        {release.state === 'quarantined' ? null : (
          <Clause title="Install it">
            <InstallCommands origin={publicUrl()} project={project} version={release.version} />
          </Clause>
        )}
        <Clause title="Files">
          <FileEntries files={release.files.map(withPath)} label={`Files of ${release.version}`} />
        </Clause>
        {release.description === null ? null : (
          <Clause title="Description">
            <Description description={release.description} above={2} />
          </Clause>
        )}
        <Rebuilds release={release} />
        <Elsewhere release={release} />
      </Columns>
      <Check release={release} />
    </>
  );
}

/** Apart from the signatures: nobody's threshold is met by it. */
function Rebuilds({ release: { rebuilds } }: { release: ReleasePage }) {
  if (rebuilds.length === 0) return null;
  return (
    <Clause title="Rebuilt from source" id="rebuilds">
      <p>
        What people of the project say they got when they built these files by themselves. No signature proves it, and
        it counts for none.
      </p>
      <RebuildEntries rebuilds={rebuilds} />
    </Clause>
  );
}

/** For its people: where it went besides this index. */
function Elsewhere({ release: { project, version, elsewhere } }: { release: ReleasePage }) {
  if (elsewhere === null) return null;
  return (
    <Clause title={`At ${elsewhere.host}`} id="elsewhere">
      <p>
        Uploaded there once it was published here. <a href={`/projects/${project}/elsewhere`}>Where releases go</a>
      </p>
      <ElsewhereEntries caption={`Files of ${version} at ${elsewhere.host}`} files={elsewhere.files} />
    </Clause>
  );
}

function leadOf({ record, files }: ReleasePage): string {
  const many = files.length === 1 ? 'one file' : `${files.length} files`;
  if (record === null || record.signedBy.length === 0) return `A release of ${many}.`;
  return `${allOf(record.signedBy)} signed ${many}; ${record.threshold === 1 ? 'one signature was' : `${record.threshold} signatures were`} needed.`;
}

function Evidence({ release }: { release: ReleasePage }) {
  const { project, record, evidence, logIndex, publishedAt, draft, hasSignedStatement } = release;
  const facts: Fact[] = [
    { term: 'Published', value: <Moment at={publishedAt} /> },
    ...(record === null
      ? []
      : [
          { term: 'Rules', value: <a href={`/projects/${project}/policy/${record.policy}`}>Policy {record.policy}</a> },
        ]),
    { term: 'Statement', value: <a href={evidence.statement}>SHA256SUMS</a> },
    ...(hasSignedStatement
      ? [{ term: 'Signatures', value: <a href={`${evidence.statement}.asc`}>SHA256SUMS.asc</a> }]
      : []),
    ...(record === null || evidence.record === null
      ? []
      : [
          {
            term: 'Countersigned',
            value: (
              <>
                <a href={evidence.record}>record {record.serial}</a>, <a href={`${evidence.record}.asc`}>signature</a>
              </>
            ),
          },
        ]),
    ...(logIndex === null
      ? []
      : [{ term: 'Log', value: <a href={`/log?before=${logIndex + 1}`}>Entry {logIndex}</a> }]),
    ...(draft === null ? [] : [{ term: 'For its people', value: <a href={`/drafts/${draft}`}>The draft</a> }]),
  ];
  return (
    <section>
      <h2>Evidence</h2>
      <p>
        <a href={evidence.bundle} download>
          All of it in one file
        </a>
        : it needs neither this site nor a network.
      </p>
      <Facts facts={facts} />
    </section>
  );
}

function Check({ release }: { release: ReleasePage }) {
  const { project, version, record, evidence, files, hasSignedStatement, state } = release;
  const subject = { origin: publicUrl(), project, version };
  if (record === null || state === 'quarantined') return null;
  return (
    <>
      <Clause wide title="Check it without a network" id="bundle">
        <CheckBundle {...subject} path={evidence.bundle} name={evidence.bundleName} client={clientDownload()} />
      </Clause>
      <Clause wide title="Check it step by step" id="check">
        <CheckCommands
          {...subject}
          threshold={record.threshold}
          file={files.map(withPath)[0]}
          hasSignedStatement={hasSignedStatement}
        />
      </Clause>
    </>
  );
}
