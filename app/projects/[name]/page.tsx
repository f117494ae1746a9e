// A project as everybody sees it: who may sign, how many must, what is published, how to install and check it. Its people see the open
// drafts and changes as well. Another spelling of the name leads to the one address.

import { cache } from 'react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { DraftEntries } from '#components/draft/draft-entries.tsx';
import { PolicyEntries } from '#components/policy/policy-entries.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { projectPage, type ProjectPage } from '#lib/server/queries/project-page.ts';
import { Check, Releases } from './releases.tsx';
import { Rules } from './rules.tsx';

type Props = { params: Promise<{ name: string }> };

const loadProject = cache((name: string) =>
  load(`/projects/${name}`, async () => projectPage(await currentActor(), decodeURIComponent(name))),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await loadProject((await params).name);
  const feed = { url: `${publicUrl()}/projects/${name}/feed.atom`, title: `Releases of ${name}` };
  return { title: name, alternates: { types: { 'application/atom+xml': [feed] } } };
}

export default async function OneProjectPage({ params }: Props) {
  const { name } = await params;
  const project = await loadProject(name);
  if (project.name !== name) redirect(`/projects/${project.name}`);
  const isMember = project.drafts !== null;
  return (
    <>
      <PageHeading
        title={project.name}
        lead={leadOf(project)}
        aside={project.may.openDraft ? <OpenDraft project={project} /> : undefined}
      />
      <ProjectNav project={project.name} />
      <Status project={project} />
      <Columns asideLabel="The rules" aside={<Rules project={project} />}>
        {isMember ? <Inside project={project} /> : null}
        <Releases project={project} />
      </Columns>
      <Check project={project} />
    </>
  );
}

function leadOf({ policy, createdBy }: ProjectPage): string {
  if (policy === null) return `Founded by ${createdBy}. Its first policy waits for a signature.`;
  const { threshold, people } = policy;
  if (threshold > people.length)
    return `Publishing needs ${threshold} people; so far the project has ${people.length}.`;
  return `Publishing needs ${threshold} of ${people.length === 1 ? '1 person' : `${people.length} people`}.`;
}

/** What its owners declared (PEP 792), where that is not the ordinary state. */
function Status({ project: { status } }: { project: ProjectPage }) {
  if (status.is === 'active') return null;
  const title = status.is === 'archived' ? 'This project is archived.' : 'This project is quarantined.';
  const means =
    status.is === 'archived'
      ? 'Its owners release nothing more. What is published stays.'
      : 'Its owners have the index offer none of its files, and nothing is published.';
  return (
    <Notice tone={status.is === 'archived' ? 'plain' : 'danger'} title={title}>
      <p>
        {means}
        {status.reason === null ? null : ` Their reason: ${status.reason}`}
      </p>
    </Notice>
  );
}

function OpenDraft({ project }: { project: ProjectPage }) {
  const needsMe = [...(project.drafts ?? []), project.openPolicy].some((entry) => entry?.needsMe);
  return (
    <ButtonLink href={`/projects/${project.name}/drafts/new`} look={needsMe ? 'plain' : 'primary'}>
      Open a draft
    </ButtonLink>
  );
}

function Inside({ project }: { project: ProjectPage }) {
  const open = (project.drafts ?? []).filter((draft) => draft.state !== 'published');
  const running = open.filter((draft) => draft.state === 'draft' || draft.state === 'approved');
  const ended = open.filter((draft) => !running.includes(draft));
  return (
    <>
      {project.openPolicy === null ? null : (
        <Clause title="A change of the rules">
          <PolicyEntries policies={[project.openPolicy]} label="Open policy change" hasPrimary />
        </Clause>
      )}
      <Clause title="Drafts" id="drafts">
        {running.length === 0 ? (
          <Empty title="No draft is open" level={3}>
            A draft holds the files of a release while people sign it. Nothing of it can be installed before.
          </Empty>
        ) : (
          <DraftEntries
            drafts={running}
            label="Open drafts"
            nameProject={false}
            hasPrimary={!project.openPolicy?.needsMe}
          />
        )}
        {ended.length === 0 ? null : (
          <details className="reveal">
            <summary>Drafts that ended without a release ({ended.length})</summary>
            <DraftEntries drafts={ended} label="Ended drafts" nameProject={false} />
          </details>
        )}
      </Clause>
    </>
  );
}
