// Invitations and what became of them. An address is shown to owners only; the link itself is in the mail and nowhere else.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import type { InvitationRow } from '#lib/server/queries/people-page.ts';
import { revoke } from './actions.ts';

const columns = [
  { key: 'who', label: 'Who' },
  { key: 'role', label: 'As' },
  { key: 'state', label: 'State' },
  { key: 'revoke', label: '' },
];

type InvitationsProps = { invitations: InvitationRow[]; project: string; canRevoke: boolean };

export function Invitations({ invitations, project, canRevoke }: InvitationsProps) {
  const rows = invitations.map((row) => ({
    key: row.id,
    cells: {
      who: row.acceptedBy ?? row.address ?? 'somebody invited by mail',
      role: row.role === 'owner' ? 'Owner' : 'Maintainer',
      state: <State row={row} project={project} />,
      revoke:
        canRevoke && (row.state === 'open' || row.state === 'accepted') ? <Revoke row={row} project={project} /> : null,
    },
  }));
  return (
    <Clause title="Invited">
      {rows.length === 0 ? (
        <p>Nobody is invited at the moment.</p>
      ) : (
        <Table caption="Invitations" captionHidden columns={columns} rows={rows} />
      )}
    </Clause>
  );
}

type RowProps = { row: InvitationRow; project: string };

function State({ row, project }: RowProps) {
  if (row.state === 'open') {
    return (
      <>
        Mailed by {row.invitedBy}; open until <Moment at={row.expiresAt} />
      </>
    );
  }
  if (row.state === 'accepted') return <Accepted row={row} project={project} />;
  return { expired: 'Ran out', revoked: 'Revoked', admitted: 'In the policy' }[row.state];
}

/** Accepted; then confirmed by an owner; then it waits for the policy. */
function Accepted({ row: { key, acceptedAt, confirmedBy, confirmedAt }, project }: RowProps) {
  if (key === null || acceptedAt === null) return 'Accepted';
  return (
    <>
      Accepted on <Moment at={acceptedAt} /> with
      <span className="key-line">
        <Fingerprint value={key} />
      </span>
      {confirmedBy === null || confirmedAt === null ? (
        <a href={`/projects/${project}/people/${key}`}>Waits to be compared and confirmed</a>
      ) : (
        <>
          {confirmedBy} confirmed the key on <Moment at={confirmedAt} />; it waits for the policy that adds them.
        </>
      )}
    </>
  );
}

function Revoke({ row, project }: RowProps) {
  const who = row.acceptedBy ?? row.address ?? 'this person';
  return (
    <ActionForm
      action={revoke.bind(null, project, row.id)}
      label={`Revoke the invitation of ${who}`}
      submit="Revoke"
      look="quiet"
      busy="Revoking…"
    />
  );
}
