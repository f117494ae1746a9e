// What mail the reader gets of one project, where that differs from what holds for all.

import type { Metadata } from 'next';
import { TopicChoices, sayDelivery } from '#components/mail/topic-choices.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { projectMailSettings } from '#lib/server/queries/mail-settings.ts';
import { chooseHere } from './actions.ts';

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ saved?: string }> };

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  return { title: `Your mail about ${(await params).project}` };
}

export default async function ProjectMailPage({ params, searchParams }: Props) {
  const { saved } = await searchParams;
  const { project: claimed } = await params;
  const { project, topics } = await load(`/account/mail/${claimed}`, async () =>
    projectMailSettings(await currentActor(), claimed),
  );
  const entries = topics.map((entry) => ({
    ...entry,
    says:
      entry.chosen === null ? `As for all: ${sayDelivery(entry.comes)}.` : `Only here: ${sayDelivery(entry.comes)}.`,
  }));
  return (
    <>
      <PageHeading
        title={`Your mail about ${project}`}
        trail={[
          { href: '/account', label: 'Account' },
          { href: '/account/mail', label: 'Your mail' },
        ]}
        lead="Choose what differs here. What protects you and the project always comes."
      />
      {saved === 'yes' ? <Notice tone="good" title="Saved." live /> : null}
      <Clause title="What comes, and how">
        <ActionForm
          action={chooseHere.bind(null, project)}
          label={`What comes of ${project}, and how`}
          submit="Save for this project"
          busy="Saving…"
        >
          <TopicChoices topics={entries} canFollow />
        </ActionForm>
      </Clause>
    </>
  );
}
