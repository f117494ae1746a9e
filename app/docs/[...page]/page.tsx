// One document of this program, as it lies in its sources.

import type { Metadata } from 'next';
import { DocumentText } from '#components/docs/document-text.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { documentPage } from '#lib/server/queries/document-page.ts';

type Props = { params: Promise<{ page: string[] }> };

const open = (page: string[]) =>
  load('/docs', () => Promise.resolve().then(() => documentPage(page.map(decodeURIComponent))));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await open((await params).page)).title };
}

export default async function OneDocumentPage({ params }: Props) {
  const { title, text, isMarkdown, links } = await open((await params).page);
  return (
    <>
      <PageHeading title={title} trail={[{ href: '/docs', label: 'Documentation' }]} />
      {isMarkdown ? <DocumentText {...{ text, links }} /> : <pre tabIndex={0}>{text}</pre>}
    </>
  );
}
