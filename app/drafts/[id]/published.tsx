// A published release: where it is in the index, how to install it, and how to check it with ordinary tools alone.

import { CheckCommands, InstallCommands } from '#components/project/install-commands.tsx';
import { Clause } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';

export function Published({ draft }: { draft: DraftPage }) {
  const { project, version, files } = draft;
  const evidence = `/evidence/${project}/releases/${version}`;
  const subject = { origin: publicUrl(), project, version };
  return (
    <>
      <Clause title="Install it">
        <InstallCommands {...subject} />
        <p>
          In the index: <a href={`/simple/${project}/`}>{project}</a>. Beside it:{' '}
          <a href={`${evidence}/SHA256SUMS`}>the statement</a> and{' '}
          <a href={`${evidence}/SHA256SUMS.asc`}>the signatures over it</a>.
        </p>
      </Clause>
      <Clause title="Check it without trusting us">
        <CheckCommands {...subject} file={files[0]?.name} />
      </Clause>
    </>
  );
}
