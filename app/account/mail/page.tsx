// What mail the reader gets: by topic, at once, once a day or not at all; when it is quiet; what always comes; and where one project differs.

import type { Metadata } from 'next';
import { AlwaysComes } from '#components/mail/always-comes.tsx';
import { MailTroubleNotice } from '#components/mail/mail-trouble.tsx';
import { TopicChoices } from '#components/mail/topic-choices.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { mailSettings, type MailSettings } from '#lib/server/queries/mail-settings.ts';
import { choose, setHours } from './actions.ts';
import { HoursFields } from './hours-fields.tsx';

export const metadata: Metadata = { title: 'Your mail' };

type Props = { searchParams: Promise<{ saved?: string }> };

export default async function MailSettingsPage({ searchParams }: Props) {
  const { saved } = await searchParams;
  const { address, trouble, topics, hours, projects } = await load('/account/mail', async () =>
    mailSettings(await currentActor()),
  );
  return (
    <>
      <PageHeading
        title="Your mail"
        trail={[{ href: '/account', label: 'Account' }]}
        lead={
          <>
            It goes to <span className="wrap-anywhere">{address}</span>. This holds for all your projects; a single one
            can differ, and a single draft can be muted on its page.
          </>
        }
      />
      <MailTroubleNotice troubles={trouble} isOwn />
      {saved === 'yes' ? <Notice tone="good" title="Saved." live /> : null}
      <Clause title="What comes, and how">
        <ActionForm action={choose} label="What comes, and how" submit="Save what comes" busy="Saving…">
          <TopicChoices topics={topics} />
        </ActionForm>
      </Clause>
      <Clause title="What always comes">
        <AlwaysComes />
      </Clause>
      <Clause title="When it comes">
        <ActionForm action={setHours} label="When it comes" submit="Save the hours" look="plain" busy="Saving…">
          <HoursFields hours={hours} />
        </ActionForm>
      </Clause>
      <Projects projects={projects} />
    </>
  );
}

function Projects({ projects }: Pick<MailSettings, 'projects'>) {
  if (projects.length === 0) return null;
  return (
    <Clause title="Where a project differs">
      <ul className="entries" aria-label="Your projects">
        {projects.map(({ name, hasOwn }) => (
          <li key={name}>
            <a href={`/account/mail/${name}`}>{name}</a>
            <p className="entry-facts">{hasOwn ? 'Has choices of its own' : 'As for all projects'}</p>
          </li>
        ))}
      </ul>
    </Clause>
  );
}
