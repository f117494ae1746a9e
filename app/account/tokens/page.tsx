// The reader's tokens: what each may do, where, until when, when it was used last; making and revoking one. The token itself is never shown again.

import type { Metadata } from 'next';
import { LastUsed, TokenStateChip } from '#components/programs/token-state.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { personTokensPage, type PersonTokenRow } from '#lib/server/queries/person-tokens.ts';
import { revoke } from './actions.ts';
import { MakeToken } from './make-token.tsx';

export const metadata: Metadata = { title: 'Your tokens' };

const here = '/account/tokens';

export default async function TokensPage() {
  const { tokens, projects, isFresh } = await load(here, async () => personTokensPage(await currentActor()));
  return (
    <>
      <PageHeading
        title="Your tokens"
        trail={[{ href: '/account', label: 'Account' }]}
        lead="A token lets a program act in your name, without your browser. It cannot sign: that takes your key. It cannot publish, and it adds no key, person or rule."
      />
      {isFresh ? null : <ConfirmFirst here={here} what="Making a token" />}
      <Clause title="Tokens of this account">
        {tokens.length === 0 ? <p>None yet.</p> : <Tokens tokens={tokens} />}
      </Clause>
      <Clause title="Make a token">
        <MakeToken projects={projects} />
      </Clause>
      <Clause title="For CI">
        <p>
          A machine that builds releases gets a token of the project instead: it opens drafts in that one project and
          signs nothing. It is made on the project’s page “Webhooks and tokens”.
        </p>
      </Clause>
    </>
  );
}

const columns = [
  { key: 'name', label: 'For' },
  { key: 'scopes', label: 'May' },
  { key: 'state', label: 'State' },
  { key: 'used', label: 'Last used' },
  { key: 'revoke', label: '' },
];

function Tokens({ tokens }: { tokens: PersonTokenRow[] }) {
  const rows = tokens.map((row) => ({
    key: row.id,
    cells: {
      name: <span className="wrap-anywhere">{row.name}</span>,
      scopes: (
        <>
          {row.scopes.join(', ')} in {row.project ?? 'all projects'}
        </>
      ),
      state: <TokenStateChip state={row.state} expiresAt={row.expiresAt} />,
      used: <LastUsed at={row.lastUsedAt} />,
      revoke: row.state === 'live' ? <Revoke row={row} /> : null,
    },
  }));
  return <Table caption="Your tokens" captionHidden columns={columns} rows={rows} />;
}

function Revoke({ row: { id, name } }: { row: PersonTokenRow }) {
  return (
    <ActionForm
      action={revoke.bind(null, id)}
      label={`Revoke the token “${name}”`}
      submit="Revoke"
      look="quiet"
      busy="Revoking…"
    />
  );
}
