// The reader's mail address: which it is, the change that waits, and asking for another one.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { addressPage } from '#lib/server/queries/address-page.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { askForChange, dropChange } from './actions.ts';

export const metadata: Metadata = { title: 'Your mail address' };

const here = '/account/address';

export default async function AddressPage() {
  const actor = await currentActor();
  const { address, waiting } = await load(here, () => addressPage(actor));
  return (
    <>
      <PageHeading
        title="Your mail address"
        trail={[{ href: '/account', label: 'Account' }]}
        lead={
          <>
            Mail goes to <strong className="wrap-anywhere">{address}</strong>, and its links sign you in. Only you see
            it here.
          </>
        }
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Changing the address" />}
      {waiting === null ? null : <Waiting {...waiting} />}
      <Clause title="Another address">
        <p>
          We mail a link to the new address, and a word to the old one. When the link is confirmed, both addresses hear
          of it, your other browsers are signed out, and what is in the old mailbox opens nothing any more.
        </p>
        <ActionForm
          action={askForChange}
          label="Change the address"
          submit={waiting === null ? 'Mail a link to it' : 'Mail a new link'}
          look="plain"
          busy="Mailing…"
        >
          <Field
            name="address"
            label="New mail address"
            type="email"
            autoComplete="email"
            spellCheck={false}
            required
            maxLength={254}
          />
        </ActionForm>
      </Clause>
    </>
  );
}

function Waiting({ address, expiresAt }: { address: string; expiresAt: Date }) {
  return (
    <Clause title="A change waits">
      <p>
        A link was mailed to <strong className="wrap-anywhere">{address}</strong>. Open it in this browser until{' '}
        <Moment at={expiresAt} /> and press its button; until then nothing changes.
      </p>
      <ActionForm action={dropChange} label="Drop the change" submit="Drop the change" look="plain" busy="Dropping…" />
    </Clause>
  );
}
