// Making a key that lives in this browser: what it gives and what not, its name, and one button. Where the browser cannot do it, it says so.

import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { DeviceKeyWords } from '#components/keys/device-key-words.tsx';
import { MakeDeviceKey } from '#components/keys/make-device-key.client.tsx';
import { WhereDeviceKeysWork } from '#components/keys/where-device-keys-work.client.tsx';
import { Columns, PageHeading } from '#components/ui/page.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { requirePerson } from '#lib/core/people.ts';
import { serverTime } from '#lib/next/instance.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { registerKey } from './actions.ts';
import { sayDevice } from './say-device.ts';

export const metadata: Metadata = { title: 'A key of this browser' };

export default async function DeviceKeyPage() {
  const here = '/account/keys/new/device';
  const actor = await currentActor();
  const name = await load(here, async () => requirePerson(actor));
  const device = sayDevice((await headers()).get('user-agent') ?? '');
  return (
    <>
      <PageHeading
        title="A key of this browser"
        trail={[
          { href: '/account', label: 'Account' },
          { href: '/account/keys', label: 'Keys' },
        ]}
        lead="Made here, kept here, and readable by no script. It signs as any OpenPGP key does: gpg and sqv accept what it makes."
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Adding a key" />}
      <Columns asideLabel="What comes next" aside={<Next />}>
        <DeviceKeyWords />
        <noscript>
          <p>Making a key here needs scripts, which this browser does not run. Use GnuPG or Sequoia instead.</p>
        </noscript>
        <WhereDeviceKeysWork>
          <MakeDeviceKey account={name} suggested={`${name} (${device})`} now={serverTime()} register={registerKey} />
        </WhereDeviceKeysWork>
      </Columns>
    </>
  );
}

function Next() {
  return (
    <section>
      <h2>What comes next</h2>
      <ol className="way">
        <li>You prove the key by signing a phrase with it: one click on its page.</li>
        <li>An owner of each of your projects proposes a policy that names it, under People and keys.</li>
        <li>The others sign that policy. From then on the key signs for you, beside the keys that you have.</li>
      </ol>
    </section>
  );
}
