// What is published, how to install the newest of it, and how to check it with ordinary tools. The same for everybody.

import { CheckCommands } from '#components/project/check-commands.tsx';
import { InstallCommands } from '#components/project/install-commands.tsx';
import { ReleaseEntries, withPath } from '#components/project/release-entries.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Clause } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import type { ProjectPage } from '#lib/server/queries/project-page.ts';

export function Releases({ project }: { project: ProjectPage }) {
  const { name, releases, policy } = project;
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
      {newest === undefined || policy === null ? null : (
        <>
          <Clause title="Install">
            <InstallCommands origin={publicUrl()} project={name} version={newest.version} />
          </Clause>
          <Clause title="Check it without trusting us" id="check">
            <CheckCommands
              origin={publicUrl()}
              project={name}
              version={newest.version}
              threshold={newest.record?.threshold ?? policy.threshold}
              file={newest.files.map(withPath)[0]}
              hasSignedStatement={newest.hasSignedStatement}
            />
          </Clause>
        </>
      )}
    </>
  );
}
