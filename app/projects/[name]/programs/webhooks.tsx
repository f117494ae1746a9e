// The webhooks of a project, and adding one. Owners only: the address of a receiver is often a secret itself.

import { EventChoices } from '#components/programs/event-choices.tsx';
import { MadeForm } from '#components/programs/made-form.client.tsx';
import { Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { Table } from '#components/ui/table.tsx';
import type { ProgramsPage, WebhookRow } from '#lib/server/queries/programs-page.ts';
import { add } from './actions.ts';

const columns = [
  { key: 'url', label: 'Address' },
  { key: 'events', label: 'Events' },
  { key: 'state', label: 'State' },
  { key: 'last', label: 'Told last' },
];

type WebhooksProps = { page: ProgramsPage; webhooks: WebhookRow[] };

export function Webhooks({ page, webhooks }: WebhooksProps) {
  const { project, eventGroups, usualEvents } = page;
  const rows = webhooks.map((row) => ({
    key: row.id,
    cells: {
      url: (
        <a className="wrap-anywhere" href={`/projects/${project}/programs/${row.id}`}>
          {row.url}
        </a>
      ),
      events: row.events,
      state: row.stopped === null ? <StateChip state="active" /> : <StateChip state="expired" word="Stopped" />,
      last: <Last last={row.last} />,
    },
  }));
  return (
    <>
      <Clause title="Webhooks">
        {rows.length === 0 ? (
          <p>None yet. A webhook is an address of yours that is told, signed, what happens in the project.</p>
        ) : (
          <Table caption="Webhooks" captionHidden columns={columns} rows={rows} />
        )}
      </Clause>
      <Clause title="Add a webhook" id="add">
        <MadeForm action={add.bind(null, project)} label="Add a webhook" submit="Add the webhook">
          <Field
            name="address"
            label="Address"
            hint="https, at a host of the public internet. Messages are signed as Standard Webhooks has it."
            type="url"
            required
            maxLength={2000}
            autoComplete="off"
            placeholder="https://ci.example.org/countersign"
          />
          <EventChoices groups={eventGroups} chosen={usualEvents} />
        </MadeForm>
      </Clause>
    </>
  );
}

const words = { delivered: 'arrived', 'given-up': 'given up', waiting: 'waits' } as const;

function Last({ last }: Pick<WebhookRow, 'last'>) {
  if (last === null) return 'nothing yet';
  return (
    <>
      <code>{last.event}</code>, <Moment at={last.at} />: {words[last.state]}
    </>
  );
}
