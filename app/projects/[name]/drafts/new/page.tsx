// Opening a draft: the files of a release. They are recognised in the browser, sent in one stream, read and checked; refusals say why.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { UploadFiles } from '#components/draft/upload-files.client.tsx';
import { Command } from '#components/ui/command.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Open a draft of ${(await params).name}` };
}

export default async function NewDraftPage({ params }: Props) {
  const { name } = await params;
  const project = await load(`/projects/${name}/drafts/new`, async () => projectPage(await currentActor(), name));
  if (!project.may.openDraft) notFound();
  return (
    <>
      <PageHeading
        title="Open a draft"
        trail={[{ href: `/projects/${project.name}`, label: project.name }]}
        lead="Its files stay here, out of the index, until enough people have signed them."
      />
      <Columns asideLabel="What happens then" aside={<What project={project.name} />}>
        <UploadFiles
          action={`/projects/${project.name}/drafts`}
          project={project.name}
          label="Files of the release"
          submit="Open the draft"
        />
        <Tools project={project.name} />
      </Columns>
    </>
  );
}

/** The two tools that most projects have already: each line complete but for the token, which no page shows. */
function Tools({ project }: { project: string }) {
  const door = `${publicUrl()}/legacy/`;
  return (
    <Clause title="With twine or uv">
      <p>
        Both upload into a draft and never past it. They ask for a token that may upload, as the password: one of{' '}
        <a href={`/projects/${project}/programs`}>the project, for CI</a>, or <a href="/account/tokens">your own</a>.
      </p>
      <Command
        label="twine; add --sign, and your signature over each file is handed in with it"
        command={`twine upload --repository-url ${door} --username __token__ dist/*`}
      />
      <Command label="uv, with the token in UV_PUBLISH_TOKEN" command={`uv publish --publish-url ${door} dist/*`} />
    </Clause>
  );
}

function What({ project }: { project: string }) {
  return (
    <section>
      <h2>What happens then</h2>
      <ul>
        <li>Each file is read and checked: it must say that it is {project}, all of them the same version.</li>
        <li>One statement lists every file with its digest. That is what people sign.</li>
        <li>The other maintainers get a mail with the digest of the statement.</li>
        <li>Signatures that come along (.asc) count at once, each for its file.</li>
      </ul>
    </section>
  );
}
