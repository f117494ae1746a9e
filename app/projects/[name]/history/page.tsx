// What happened in a project, newest first, a hundred entries a page; refusals are in it too.

import type { Metadata } from 'next';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { eventsOf } from '#components/ui/history-events.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { Timeline } from '#components/ui/timeline.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';

type Props = { params: Promise<{ name: string }>; searchParams: Promise<{ before?: string }> };

const aPage = 100;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `History of ${(await params).name}` };
}

export default async function HistoryOfProjectPage({ params, searchParams }: Props) {
  const { name } = await params;
  const { before } = await searchParams;
  const entries = await load(`/projects/${name}/history`, async () =>
    historyOf(await currentActor(), { project: name }, before),
  );
  const last = entries.at(-1);
  return (
    <>
      <PageHeading
        title="History"
        trail={[{ href: `/projects/${name}`, label: name }]}
        lead="Who did what, newest first. Refused signatures and uploads stand here too."
      />
      <ProjectNav project={name} />
      {entries.length === 0 ? (
        <Empty title="Nothing has happened yet">Drafts, signatures and changes of the rules will stand here.</Empty>
      ) : (
        <Timeline label={`History of ${name}, newest first`} events={eventsOf(entries, 'in-project')} />
      )}
      {last !== undefined && entries.length === aPage ? (
        <p>
          <a href={`/projects/${name}/history?before=${last.id}`}>Older entries</a>
        </p>
      ) : null}
    </>
  );
}
