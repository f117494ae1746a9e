// One webhook, for owners: how it stands, what was sent and what came back, its events, its secret, and its end.

import type { Metadata } from 'next';
import { EventChoices } from '#components/programs/event-choices.tsx';
import { MadeForm } from '#components/programs/made-form.client.tsx';
import { MessageLog } from '#components/programs/message-log.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { webhookPage, type WebhookPage } from '#lib/server/queries/programs-page.ts';
import { again, changeEvents, makeSecret, remove, test, turn } from './actions.ts';

type Props = { params: Promise<{ name: string; webhook: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Webhook of ${(await params).name}` };
}

export default async function OneWebhookPage({ params }: Props) {
  const { name, webhook } = await params;
  const here = `/projects/${name}/programs/${webhook}`;
  const page = await load(here, async () => webhookPage(await currentActor(), name, webhook));
  const places = `/projects/${page.project}`;
  return (
    <>
      <PageHeading
        title={`Webhook to ${page.host}`}
        trail={[
          { href: places, label: page.project },
          { href: `${places}/programs`, label: 'Webhooks and tokens' },
        ]}
      />
      <ProjectNav project={page.project} />
      {page.isFresh ? null : <ConfirmFirst here={here} what="Changing a webhook" />}
      <Stands page={page} />
      <Log page={page} />
      <Events page={page} />
      <Secret page={page} />
      <End page={page} />
    </>
  );
}

type PartProps = { page: WebhookPage };

function Stands({ page: { project, id, url, createdBy, createdAt, stopped, secrets } }: PartProps) {
  return (
    <Clause title="How it stands">
      {stopped === null ? null : (
        <Notice tone="warning" title="Nothing is sent.">
          <p>
            {stopped.why} That was at <Moment at={stopped.at} />. What happens meanwhile is not told later.
          </p>
        </Notice>
      )}
      <Facts
        facts={[
          { term: 'Address', value: <span className="wrap-anywhere">{url}</span> },
          { term: 'Added', value: <By name={createdBy} at={createdAt} /> },
          ...secrets.map((secret, at) => ({
            term: at === 0 ? 'Secret' : 'Earlier secret',
            value: <SecretFact secret={secret} />,
          })),
        ]}
      />
      {stopped === null ? (
        <ActionForm action={test.bind(null, project, id)} label="Send a test" submit="Send a test" />
      ) : (
        <ActionForm action={turn.bind(null, project, id, true)} label="Let it go on" submit="Let it go on" />
      )}
    </Clause>
  );
}

const By = ({ name, at }: { name: string; at: Date }) => (
  <>
    by {name}, <Moment at={at} />
  </>
);

function SecretFact({ secret: { createdBy, createdAt, endsAt } }: { secret: WebhookPage['secrets'][number] }) {
  return (
    <>
      Made <By name={createdBy} at={createdAt} />
      {endsAt === null ? null : (
        <>
          ; signs until <Moment at={endsAt} />
        </>
      )}
    </>
  );
}

function Log({ page: { project, id, messages, stopped } }: PartProps) {
  return (
    <Clause title="What was sent" id="log">
      {messages.length === 0 ? (
        <p>Nothing yet. Send a test, then load this page again.</p>
      ) : (
        <MessageLog
          messages={messages}
          after={(message) =>
            message.state === 'waiting' || stopped !== null ? null : (
              <ActionForm
                action={again.bind(null, project, id, message.id)}
                label={`Send ${message.event} again`}
                submit="Send it again"
                look="plain"
              />
            )
          }
        />
      )}
    </Clause>
  );
}

function Events({ page: { project, id, events, eventGroups } }: PartProps) {
  return (
    <Clause title="What it is told">
      <ActionForm
        action={changeEvents.bind(null, project, id)}
        label="What it is told"
        submit="Keep these"
        look="plain"
      >
        <EventChoices groups={eventGroups} chosen={events} />
      </ActionForm>
    </Clause>
  );
}

function Secret({ page: { project, id } }: PartProps) {
  return (
    <Clause title="A new secret">
      <MadeForm
        action={makeSecret.bind(null, project, id)}
        label="A new secret"
        submit="Make a new secret"
        look="plain"
      >
        <Choices legend="The secret that signs now">
          <Choice
            name="earlier"
            value="overlaps"
            label="goes on for a day"
            hint="Messages carry both signatures, so you can change the receiver meanwhile."
            defaultChecked
          />
          <Choice
            name="earlier"
            value="ends-now"
            label="ends at once"
            hint="If somebody else may have it. Messages fail until the receiver has the new one."
          />
        </Choices>
      </MadeForm>
    </Clause>
  );
}

function End({ page: { project, id, stopped } }: PartProps) {
  return (
    <Clause title="Its end">
      {stopped === null ? (
        <ActionForm
          action={turn.bind(null, project, id, false)}
          label="Stop the webhook"
          submit="Stop it for now"
          look="plain"
        />
      ) : null}
      <p>Removing it deletes its secret, what waits, and this log. History keeps that it was there.</p>
      <ActionForm
        action={remove.bind(null, project, id)}
        label="Remove the webhook"
        submit="Remove the webhook"
        look="danger"
      />
    </Clause>
  );
}
