// What the reader did, and what concerned their account: sign-ins, keys, passkeys, and their part in projects. Nobody else sees this page.

import type { Metadata } from 'next';
import { HistoryView } from '#components/history/history-view.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { shownHistory, type Asked } from '#lib/next/history.ts';
import { load } from '#lib/next/load.ts';

type Props = { searchParams: Promise<Asked> };

export const metadata: Metadata = { title: 'History of your account' };

const here = '/account/history';

export default async function HistoryOfAccountPage({ searchParams }: Props) {
  const shown = await load(here, async () => shownHistory(here, { person: true }, await searchParams));
  return (
    <>
      <PageHeading
        title="History"
        trail={[{ href: '/account', label: 'Your account' }]}
        lead="What you did, and what concerned you, newest first. Only you see this page."
      />
      <HistoryView
        shown={shown}
        place="anywhere"
        label="History of your account, newest first"
        empty="Sign-ins, keys and signatures will stand here."
      />
    </>
  );
}
