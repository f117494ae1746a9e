// One entry of a project's history: the address that one sends to somebody.

import type { Metadata } from 'next';
import { OneEntry } from '#components/history/one-entry.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { shownEntry } from '#lib/next/history.ts';
import { load } from '#lib/next/load.ts';

type Props = { params: Promise<{ name: string; entry: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, entry } = await params;
  return { title: `Entry ${entry} of ${name}` };
}

export default async function EntryOfProjectPage({ params }: Props) {
  const { name, entry } = await params;
  const found = await load(`/projects/${name}/history/${entry}`, () => shownEntry({ project: name }, entry));
  return (
    <>
      <PageHeading
        title="One entry"
        trail={[
          { href: `/projects/${name}`, label: name },
          { href: `/projects/${name}/history`, label: 'History' },
        ]}
      />
      <ProjectNav project={name} />
      <OneEntry entry={found} />
    </>
  );
}
