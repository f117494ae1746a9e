// Adding a key: the public half of it, looked at in the browser first. The private half is refused there, before a byte is sent.

import type { Metadata } from 'next';
import { AddKey } from '#components/keys/add-key.client.tsx';
import { FetchKey } from '#components/keys/fetch-key.client.tsx';
import { WhereDeviceKeysWork } from '#components/keys/where-device-keys-work.client.tsx';
import { Command } from '#components/ui/command.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { requirePerson } from '#lib/core/people.ts';
import { serverTime } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { keyServerNames } from '#lib/server/queries/fetch-key.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { addKeyOf, fetchKeyOf } from './actions.ts';

export const metadata: Metadata = { title: 'Add a key' };

export default async function AddKeyPage() {
  const actor = await currentActor();
  await load('/account/keys/new', async () => requirePerson(actor));
  return (
    <>
      <PageHeading
        title="Add a key"
        trail={[
          { href: '/account', label: 'Account' },
          { href: '/account/keys', label: 'Keys' },
        ]}
        lead={
          <>
            The public half of your OpenPGP key. A newer copy of a key that is here already is merged into it. No key
            yet? <a href="/account/keys/new/make">Make one in this browser</a>.
          </>
        }
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here="/account/keys/new" what="Adding a key" />}
      <Columns asideLabel="Where to find your public key" aside={<WhereToFind />}>
        <AddKey action={addKeyOf} now={serverTime()} />
        <FromKeyServer />
        <MadeHere />
      </Columns>
    </>
  );
}

/** Only where the operator named key servers: an instance may have no way out. */
function FromKeyServer() {
  const servers = keyServerNames();
  if (servers.length === 0) return null;
  return (
    <Clause title="Or fetch it from a key server">
      <FetchKey fetchKey={fetchKeyOf} addKey={addKeyOf} servers={servers} />
    </Clause>
  );
}

/** For those who have no key, or want one more. */
function MadeHere() {
  return (
    <Clause title="Or have one made here">
      <p>
        <a href="/account/keys/new/make">A key with a passphrase</a>, which you can take to other machines: it is
        locked, and you save a backup of it.
      </p>
      <noscript>
        <p>Both kinds are made by scripts, which this browser does not run.</p>
      </noscript>
      <WhereDeviceKeysWork>
        <p>
          <a href="/account/keys/new/device">A key of this browser</a> signs with one click and without a passphrase. No
          script can take it away, and there is no backup of it.
        </p>
      </WhereDeviceKeysWork>
    </Clause>
  );
}

function WhereToFind() {
  return (
    <section>
      <h2>Where to find it</h2>
      <div className="stack">
        <Command label="GnuPG: list your keys" command="gpg --list-secret-keys" />
        <Command
          label="GnuPG: write the public half of one into a file"
          command="gpg --armor --output my-public-key.asc --export you@example.org"
        />
        <Command
          label="Sequoia, from the private key file"
          command="sq key extract-cert --output my-public-key.asc my-private-key.pgp"
        />
      </div>
    </section>
  );
}
