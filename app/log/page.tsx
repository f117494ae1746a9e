// The public log of the index, for people: every policy, release, declaration and certificate that was ever published. The tree itself is below
// /log/ (web/index-address.ts); only this address without a slash is a page.

import type { Metadata } from 'next';
import { LogView } from '#components/log/log-view.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { publicUrl } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { logPage, readBefore } from '#lib/server/queries/log-page.ts';

type Props = { searchParams: Promise<{ before?: string | string[] }> };

export const metadata: Metadata = { title: 'Log' };

export default async function LogOfIndexPage({ searchParams }: Props) {
  const asked = (await searchParams).before;
  const actor = await currentActor();
  const { lines, older, end } = await load('/log', async () => logPage(actor, { before: readBefore(asked) }));
  return (
    <>
      <PageHeading
        title="Log"
        lead="Everything that this index ever published, newest first. Entries are never changed and never removed, and anybody can have that proven."
      />
      <LogView
        {...{ lines, older, end }}
        here="/log"
        isOlder={asked !== undefined}
        caption="Entries of the log, newest first"
        origin={publicUrl()}
      />
    </>
  );
}
