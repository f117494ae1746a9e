// The reader's projects in a table: role, newest release, open drafts, and the threshold with a warning where too few could sign.

import { Actions, ButtonLink } from '#components/ui/button.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import type { ProjectRow } from '#lib/server/queries/home.ts';

const columns = [
  { key: 'name', label: 'Project' },
  { key: 'role', label: 'You are' },
  { key: 'release', label: 'Newest release' },
  { key: 'drafts', label: 'Open drafts' },
  { key: 'threshold', label: 'Publishing needs' },
];

const roles = { owner: 'Owner', maintainer: 'Maintainer', invited: 'Invited', none: 'Founder' };

export function Projects({ projects, hasPrimary }: { projects: ProjectRow[]; hasPrimary: boolean }) {
  const rows = projects.map((project) => {
    const home = `/projects/${project.name}`;
    return {
      key: project.name,
      cells: {
        name: <a href={home}>{project.name}</a>,
        role: roles[project.role],
        release: project.latestRelease?.version ?? 'none yet',
        drafts: project.openDrafts === 0 ? 'none' : <a href={`${home}#drafts`}>{project.openDrafts} open</a>,
        threshold: <Threshold project={project} />,
      },
    };
  });
  const first = projects.find((project) => project.threshold !== null && project.role !== 'invited');
  return (
    <Clause title="Your projects">
      <Table caption="Your projects" captionHidden columns={columns} rows={rows} />
      <Actions>
        {hasPrimary && first ? (
          <ButtonLink href={`/projects/${first.name}/drafts/new`} look="primary">
            Open a draft of {first.name}
          </ButtonLink>
        ) : null}
        <ButtonLink href="/projects/new" look={hasPrimary && !first ? 'primary' : 'plain'}>
          Create a project
        </ButtonLink>
      </Actions>
    </Clause>
  );
}

function Threshold({ project: { name, threshold, people, usablePeople } }: { project: ProjectRow }) {
  if (threshold === null) return <a href={`/projects/${name}/policy`}>Its first policy is not signed yet</a>;
  return (
    <>
      {threshold > people ? `${threshold} people` : `${threshold} of ${people} people`}
      {usablePeople < threshold ? (
        <span className="block text-danger">Only {usablePeople} can sign now, so nothing can be published yet.</span>
      ) : null}
    </>
  );
}
