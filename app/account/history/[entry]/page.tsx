// One entry of the reader's own history.

import type { Metadata } from 'next';
import { OneEntry } from '#components/history/one-entry.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { shownEntry } from '#lib/next/history.ts';
import { load } from '#lib/next/load.ts';

type Props = { params: Promise<{ entry: string }> };

export const metadata: Metadata = { title: 'An entry of your history' };

export default async function EntryOfAccountPage({ params }: Props) {
  const { entry } = await params;
  const found = await load(`/account/history/${entry}`, () => shownEntry({ person: true }, entry));
  return (
    <>
      <PageHeading
        title="One entry"
        trail={[
          { href: '/account', label: 'Your account' },
          { href: '/account/history', label: 'History' },
        ]}
      />
      <OneEntry entry={found} />
    </>
  );
}
