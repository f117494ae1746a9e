// The tokens of a project: what each is for and may do, who made it, until when it works; making and revoking one. The token itself is never shown
// again.

import { MadeForm } from '#components/programs/made-form.client.tsx';
import { LastUsed, TokenStateChip } from '#components/programs/token-state.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import type { TokenRow } from '#lib/server/queries/programs-page.ts';
import { makeToken, revokeToken } from './actions.ts';

const columns = [
  { key: 'name', label: 'For' },
  { key: 'may', label: 'May' },
  { key: 'made', label: 'Made' },
  { key: 'state', label: 'State' },
  { key: 'used', label: 'Last used' },
  { key: 'revoke', label: '' },
];

const words = { status: 'ask', upload: 'upload and ask' } as const;

type TokensProps = { project: string; tokens: TokenRow[]; isOwner: boolean };

export function Tokens({ project, tokens, isOwner }: TokensProps) {
  const rows = tokens.map((row) => ({
    key: row.id,
    cells: {
      name: <span className="wrap-anywhere">{row.name}</span>,
      may: words[row.kind],
      made: (
        <>
          by {row.madeBy}, <Moment at={row.createdAt} />
        </>
      ),
      state: <TokenStateChip state={row.state} expiresAt={row.expiresAt} />,
      used: <LastUsed at={row.lastUsedAt} />,
      revoke: row.state === 'live' ? <Revoke project={project} row={row} /> : null,
    },
  }));
  return (
    <Clause title="Tokens">
      <p>
        With a token a program asks how a draft stands, or opens drafts as well. It never signs or publishes, and ends
        when whoever made it leaves the project. {isOwner ? '' : 'You see your own.'}
      </p>
      {rows.length === 0 ? null : <Table caption="Tokens" captionHidden columns={columns} rows={rows} />}
      <MadeForm action={makeToken.bind(null, project)} label="Make a token" submit="Make a token" look="plain">
        <Field
          name="name"
          label="What it is for"
          hint="So that you know it again: “release job”."
          required
          maxLength={60}
          autoComplete="off"
        />
        <Choices legend="It may">
          <Choice name="kind" value="status" label="Ask how drafts stand, and wait for them" defaultChecked />
          <Choice
            name="kind"
            value="upload"
            label="Open drafts and add files as well"
            hint="In your name: the statement says that you opened the draft."
          />
        </Choices>
      </MadeForm>
    </Clause>
  );
}

function Revoke({ project, row }: { project: string; row: TokenRow }) {
  return (
    <ActionForm
      action={revokeToken.bind(null, project, row.id)}
      label={`Revoke the token “${row.name}”`}
      submit="Revoke"
      look="quiet"
      busy="Revoking…"
    />
  );
}
