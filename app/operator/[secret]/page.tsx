// The instance in one look, for whoever runs it: what is wrong and what to do, when each step of jobs last ran, whether the index is fresh; and the outbox: what waits and why,
// what was given up and why. Its address is the secret.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { FindingList } from '#components/ui/finding-list.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import { load } from '#lib/next/load.ts';
import { instanceOverview, type StepLine } from '#lib/server/queries/instance-overview.ts';
import { outbox, type Outbox, type OutboxEntry } from '#lib/server/queries/outbox.ts';
import { retry } from './actions.ts';

export const metadata: Metadata = { title: 'This instance', robots: 'noindex' };

export default async function OperatorPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const here = `/operator/${secret}`;
  const { findings, steps } = await load(here, () => instanceOverview(secret));
  const box = await load(here, () => outbox(secret));
  const { waiting, failed, waitingCount, failedCount } = box;
  return (
    <>
      <PageHeading
        title="This instance"
        lead="For whoever runs this instance. Whoever knows this address sees to whom mail goes, and not what it says."
      />
      <Freshness of={box.freshness} />
      <Clause title="How it stands">
        <FindingList findings={findings} label="How it stands" />
      </Clause>
      <Clause title="Mail">
        <State box={box} />
      </Clause>
      <Clause title={`Mail that waits: ${waitingCount}`}>
        {waiting.length === 0 ? (
          <p>None waits.</p>
        ) : (
          <Entries entries={waiting} secret={secret} label="Mail that waits" />
        )}
        <More shown={waiting.length} all={waitingCount} />
      </Clause>
      <Clause title={`Mail given up: ${failedCount}`}>
        {failed.length === 0 ? (
          <p>None was given up.</p>
        ) : (
          <Entries entries={failed} secret={secret} label="Mail given up" />
        )}
        <More shown={failed.length} all={failedCount} />
      </Clause>
      <Clause title="Jobs">
        <Steps steps={steps} />
      </Clause>
    </>
  );
}

function Steps({ steps }: { steps: StepLine[] }) {
  if (steps.length === 0) return <p>No step has run yet.</p>;
  const rows = steps.map(({ step, ranAt, ms, fault }) => ({
    key: step,
    cells: {
      step,
      ran: ranAt === null ? 'never to its end' : <Moment at={ranAt} />,
      took: `${ms} ms`,
      fault: fault === null ? 'well' : <span className="wrap-anywhere">{fault}</span>,
    },
  }));
  const columns = [
    { key: 'step', label: 'Step' },
    { key: 'ran', label: 'Last ran' },
    { key: 'took', label: 'Took' },
    { key: 'fault', label: 'It goes' },
  ];
  return <Table caption="Steps of jobs, noted at most every half minute" columns={columns} rows={rows} />;
}

function State({ box: { hasServer, sentLastDay, lastSentAt } }: { box: Outbox }) {
  return (
    <>
      {hasServer ? null : (
        <Notice title="No mail server is set">
          <p>All mail ends in the local mailbox. Set SMTP_URL for real use.</p>
        </Notice>
      )}
      <Facts
        facts={[
          { term: 'Sent in the last day', value: String(sentLastDay) },
          { term: 'Last sent', value: lastSentAt === null ? 'nothing yet' : <Moment at={lastSentAt} /> },
        ]}
      />
    </>
  );
}

/** Said before clients refuse the index, so that somebody can still help. */
function Freshness({ of }: { of: Outbox['freshness'] }) {
  if (of === null || of.state === 'fresh') return null;
  const hasEnded = of.state === 'ended';
  return (
    <Notice
      tone={hasEnded ? 'danger' : 'warning'}
      title={
        hasEnded
          ? 'Clients refuse the index: it is not fresh any more.'
          : 'Nothing fresh came from the countersigner for 12 hours.'
      }
    >
      <p>
        It last signed that the index is fresh on <Moment at={of.signedAt} />, and does so every six hours while it
        runs. {hasEnded ? 'Clients refuse the whole index since' : 'Clients will refuse the whole index from'}{' '}
        <Moment at={of.endsAt} />
        {hasEnded ? '.' : ' on.'}
      </p>
      <p>
        Look whether it runs and reaches this address: <code>countersigner status</code> on its machine says more.
      </p>
    </Notice>
  );
}

function More({ shown, all }: { shown: number; all: number }) {
  return shown === all ? null : <p>{all - shown} more are not shown here.</p>;
}

type EntriesProps = { entries: OutboxEntry[]; secret: string; label: string };

function Entries({ entries, secret, label }: EntriesProps) {
  return (
    <ul className="entries" aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <h3 className="wrap-anywhere">{entry.subject}</h3>
          <p className="entry-facts wrap-anywhere">
            To {entry.to}, queued <Moment at={entry.createdAt} />, {sayTries(entry)}
          </p>
          <p>{sayState(entry)}</p>
          {entry.lastError === null ? null : <p className="wrap-anywhere">The mail server: {entry.lastError}</p>}
          {entry.failed?.canRetry === false ? null : (
            <ActionForm
              action={retry.bind(null, secret, entry.id)}
              label={`Try “${entry.subject}” to ${entry.to} again`}
              submit="Try again now"
              look="quiet"
              busy="Queuing…"
            />
          )}
        </li>
      ))}
    </ul>
  );
}

const sayTries = ({ attempts }: OutboxEntry): string =>
  attempts === 0 ? 'not tried yet' : attempts === 1 ? 'tried once' : `tried ${attempts} times`;

function sayState({ failed, nextAt }: OutboxEntry) {
  if (failed !== null)
    return (
      <>
        Given up on <Moment at={failed.at} />:{' '}
        {failed.why === 'refused' ? 'the mailbox refuses it for good.' : 'it could not be sent while it was of use.'}
        {failed.canRetry ? '' : ' Its text was deleted, or its link has died: it cannot be tried again.'}
      </>
    );
  return nextAt === null ? null : (
    <>
      Next try: <Moment at={nextAt} />
    </>
  );
}
