// The refusals of one area: code, status, exit code and sentence.

import type { Metadata } from 'next';
import { ProblemList } from '#components/docs/problem-list.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { problemsOf } from '#lib/server/queries/problems.ts';

type Props = { params: Promise<{ area: string }> };

const open = (area: string) => load('/docs/problems', () => Promise.resolve().then(() => problemsOf(area)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Refusals: ${(await open((await params).area)).area}` };
}

export default async function ProblemAreaPage({ params }: Props) {
  const { area, problems } = await open((await params).area);
  return (
    <>
      <PageHeading
        title={`Refusals: ${area}`}
        trail={[
          { href: '/docs', label: 'Documentation' },
          { href: '/docs/problems', label: 'Refusals' },
        ]}
        lead="With the status of HTTP, and the exit code of the command line. What stands in ‹brackets› is named when it happens."
      />
      <ProblemList problems={problems} />
    </>
  );
}
