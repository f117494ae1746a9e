// What programs are told of a project, and may ask: webhooks for its owners, tokens for its people, the feed for everybody.

import type { Metadata } from 'next';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Command } from '#components/ui/command.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { programsPage } from '#lib/server/queries/programs-page.ts';
import { Tokens } from './tokens.tsx';
import { Webhooks } from './webhooks.tsx';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Webhooks and tokens of ${(await params).name}` };
}

export default async function ProgramsPage({ params }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/programs`;
  const page = await load(here, async () => programsPage(await currentActor(), name));
  const { project, webhooks, tokens, feed, isFresh } = page;
  return (
    <>
      <PageHeading
        title="Webhooks and tokens"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead="For programs: what they are told, and what they may ask. None of them can sign or publish."
      />
      <ProjectNav project={project} />
      {isFresh ? null : <ConfirmFirst here={here} what="Making a webhook or a token" />}
      {webhooks === null ? null : <Webhooks page={page} webhooks={webhooks} />}
      <Tokens project={project} tokens={tokens} isOwner={webhooks !== null} />
      <Clause title="Waiting in CI">
        <p>
          With a token in <code>COUNTERSIGN_TOKEN</code>, this waits until the release is published, or is over without
          one; its exit code says which.
        </p>
        <Command command={`countersign wait ${project}==VERSION --index ${publicUrl()}`} />
      </Clause>
      <Clause title="Another index">
        <p>
          Releases can be uploaded to one other index as well, once they are published here:{' '}
          <a href={`/projects/${project}/elsewhere`}>publish elsewhere too</a>.
        </p>
      </Clause>
      <Clause title="Feed">
        <p>
          Everybody can follow what {project} publishes, yanks or has quarantined: <a href={feed}>its Atom feed</a>. A
          feed of your own, with what needs your signature, is made <a href="/account/feed">in your account</a>.
        </p>
      </Clause>
    </>
  );
}
