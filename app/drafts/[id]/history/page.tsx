// What happened to a draft, newest first: all of it, where the draft's own page shows the newest entries.

import type { Metadata } from 'next';
import { HistoryView } from '#components/history/history-view.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { shownHistory, type Asked } from '#lib/next/history.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { draftName } from '#lib/server/queries/draft-name.ts';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Asked> };

export const metadata: Metadata = { title: 'History of a draft' };

export default async function HistoryOfDraftPage({ params, searchParams }: Props) {
  const { id } = await params;
  const here = `/drafts/${id}/history`;
  const { shown, project, version } = await load(here, async () => ({
    ...(await draftName(await currentActor(), id)),
    shown: await shownHistory(here, { draft: id }, await searchParams),
  }));
  return (
    <>
      <PageHeading
        title="History"
        trail={[
          { href: `/projects/${project}`, label: project },
          { href: `/drafts/${id}`, label: version },
        ]}
        lead="Who did what with this draft, newest first. What was refused stands here too."
      />
      <HistoryView
        shown={shown}
        place="in-draft"
        label={`History of ${project} ${version}, newest first`}
        empty="Files, signatures and decisions will stand here."
      />
    </>
  );
}
