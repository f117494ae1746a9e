// What the public log tells of one project, newest first. The same for everybody.

import type { Metadata } from 'next';
import { LogView } from '#components/log/log-view.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { logPage, readBefore } from '#lib/server/queries/log-page.ts';

type Props = { params: Promise<{ name: string }>; searchParams: Promise<{ before?: string | string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Log of ${(await params).name}` };
}

export default async function LogOfProjectPage({ params, searchParams }: Props) {
  const { name } = await params;
  const asked = (await searchParams).before;
  const here = `/projects/${name}/log`;
  const actor = await currentActor();
  const page = await load(here, async () => logPage(actor, { project: name, before: readBefore(asked) }));
  return (
    <>
      <PageHeading
        title="Log"
        trail={[{ href: `/projects/${name}`, label: name }]}
        lead={
          <>
            What was published of it, newest first. Entries are never changed and never removed; they stand among those
            of the <a href="/log">whole index</a>.
          </>
        }
      />
      <ProjectNav project={name} />
      <LogView
        {...{ here, lines: page.lines, older: page.older, end: page.end }}
        isOlder={asked !== undefined}
        caption={`Log of ${name}, newest first`}
        origin={publicUrl()}
      />
    </>
  );
}
