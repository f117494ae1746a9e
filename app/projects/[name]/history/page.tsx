// What happened in a project, newest first; refusals are in it too. Visitors see what is public: rules and releases.

import type { Metadata } from 'next';
import { HistoryView } from '#components/history/history-view.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { shownHistory, type Asked } from '#lib/next/history.ts';
import { load } from '#lib/next/load.ts';

type Props = { params: Promise<{ name: string }>; searchParams: Promise<Asked> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `History of ${(await params).name}` };
}

export default async function HistoryOfProjectPage({ params, searchParams }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/history`;
  const shown = await load(here, async () => shownHistory(here, { project: name }, await searchParams));
  return (
    <>
      <PageHeading
        title="History"
        trail={[{ href: `/projects/${name}`, label: name }]}
        lead="Who did what, newest first. Entries are only ever added; what was refused stands here too."
      />
      <ProjectNav project={name} />
      <HistoryView
        shown={shown}
        place="in-project"
        label={`History of ${name}, newest first`}
        empty="Drafts, signatures and changes of the rules will stand here."
      />
    </>
  );
}
