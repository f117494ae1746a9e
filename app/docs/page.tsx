// What there is to read about this program: guides, formats, decisions, and the reference of addresses for programs. The same files as in its sources.

import type { Metadata } from 'next';
import { DocumentList } from '#components/docs/document-list.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { documentSections } from '#lib/server/queries/document-page.ts';

export const metadata: Metadata = { title: 'Documentation' };

export default function DocumentsPage() {
  return (
    <>
      <PageHeading
        title="Documentation"
        lead="How to work with this index, and everything that is needed to check it without us."
      />
      <DocumentList sections={documentSections()} />
    </>
  );
}
