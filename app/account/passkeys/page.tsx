// The reader's passkeys: what each is called, when it was last used, removing it, adding another.

import type { Metadata } from 'next';
import { AddPasskey } from '#components/passkeys/add-passkey.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { Table } from '#components/ui/table.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed, passkeysPage, type PasskeyRow } from '#lib/server/queries/passkeys.ts';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { add, askForNew, remove } from './actions.ts';

export const metadata: Metadata = { title: 'Your passkeys' };

const here = '/account/passkeys';

export default async function PasskeysPage() {
  const actor = await currentActor();
  const { passkeys, unavailable } = await load(here, () => passkeysPage(actor));
  return (
    <>
      <PageHeading
        title="Your passkeys"
        trail={[{ href: '/account', label: 'Account' }]}
        lead="A passkey signs you in to this site with your device or a security key, instead of a link by mail. It signs no release: that is what your OpenPGP keys are for."
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Adding or removing a passkey" />}
      <Clause title="Passkeys of this account">
        {passkeys.length === 0 ? <p>None yet. Signing in by mail always works.</p> : <Passkeys passkeys={passkeys} />}
      </Clause>
      <Clause title="Add a passkey">
        {unavailable === null ? (
          <>
            <p>
              Your browser asks where to keep it. What stays here is its public half; the site never sees your finger,
              face or PIN. Whoever can unlock that device, or the account that copies it to your other devices, can sign
              in as you.
            </p>
            <noscript>
              <p>Adding a passkey needs script, because the browser offers passkeys to scripts only.</p>
            </noscript>
            <AddPasskey ask={askForNew} add={add} />
          </>
        ) : (
          <Notice title="No passkeys at this address">
            <p>{unavailable}</p>
          </Notice>
        )}
      </Clause>
    </>
  );
}

const columns = [
  { key: 'name', label: 'Name' },
  { key: 'added', label: 'Added' },
  { key: 'used', label: 'Last used' },
  { key: 'remove', label: '' },
];

function Passkeys({ passkeys }: { passkeys: PasskeyRow[] }) {
  const rows = passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
    key: id,
    cells: {
      name: <span className="wrap-anywhere">{name}</span>,
      added: <Moment at={createdAt} />,
      used: lastUsedAt === null ? 'not yet' : <Moment at={lastUsedAt} />,
      remove: (
        <ActionForm
          action={remove.bind(null, id)}
          label={`Remove the passkey ${name}`}
          submit="Remove"
          look="quiet"
          busy="Removing…"
        />
      ),
    },
  }));
  return <Table caption="Your passkeys" captionHidden columns={columns} rows={rows} />;
}
