// What stands in place of a page that failed on the server (web/empty-shells.ts): what happened, whether anything is lost, what to do now.

import type { Metadata } from 'next';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { PageHeading } from '#components/ui/page.tsx';

export const metadata: Metadata = { title: 'Something went wrong', robots: 'noindex' };

export default function TroublePage() {
  return (
    <>
      <PageHeading title="This page could not be shown" />
      <Empty title="Something went wrong on our side" action={<ButtonLink href="/">To the front page</ButtonLink>}>
        Nothing was changed by opening it, and nothing is lost. Load the page again; if it stays so, tell whoever runs
        this index, who finds the cause in the log of this minute.
      </Empty>
    </>
  );
}
