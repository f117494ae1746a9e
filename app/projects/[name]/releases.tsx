// What is published, how to install the newest of it, and how to check it with ordinary tools. The same for everybody.

import { CheckCommands } from '#components/project/check-commands.tsx';
import { InstallCommands } from '#components/project/install-commands.tsx';
import { ReleaseEntries, withPath } from '#components/project/release-entries.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Clause } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import type { ProjectPage } from '#lib/server/queries/project-page.ts';

/** What is published, and how to install the newest of it. */
export function Releases({ project }: { project: ProjectPage }) {
  const { name, releases } = project;
  const newest = newestOf(project);
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
        <p>
          To follow what is published, yanked or quarantined: <a href={`/projects/${name}/feed.atom`}>Atom feed</a>.
        </p>
      </Clause>
      {newest === undefined ? null : (
        <Clause title="Install">
          <InstallCommands origin={publicUrl()} project={name} version={newest.version} />
        </Clause>
      )}
    </>
  );
}

/** How to check the newest release; nothing while there is none. */
export function Check({ project }: { project: ProjectPage }) {
  const newest = newestOf(project);
  if (newest === undefined || project.policy === null) return null;
  return (
    <Clause wide title="Check it without trusting us" id="check">
      <CheckCommands
        origin={publicUrl()}
        project={project.name}
        version={newest.version}
        threshold={newest.record?.threshold ?? project.policy.threshold}
        file={newest.files.map(withPath)[0]}
        hasSignedStatement={newest.hasSignedStatement}
      />
    </Clause>
  );
}

const newestOf = ({ releases }: ProjectPage): ProjectPage['releases'][number] | undefined =>
  releases.find((release) => release.state === 'published');
