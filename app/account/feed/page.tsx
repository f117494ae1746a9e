// The reader's own feed: what needs their signature, at a secret address that they make, and end, here.

import type { Metadata } from 'next';
import { MadeForm } from '#components/programs/made-form.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { feedOfReader } from '#lib/server/queries/feeds.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { end, make } from './actions.ts';

export const metadata: Metadata = { title: 'Your feed' };

const here = '/account/feed';

export default async function FeedPage() {
  const actor = await currentActor();
  const feed = await load(here, () => feedOfReader(actor));
  return (
    <>
      <PageHeading
        title="Your feed"
        trail={[{ href: '/account', label: 'Account' }]}
        lead="What needs your signature, in all your projects, for a feed reader."
      />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Making the address of a feed" />}
      <Clause title="Its address">
        <p>
          Feed readers do not sign in, so the address is secret. Whoever has it reads which drafts and policy changes
          wait for you, and can do nothing: signing still takes your key.
        </p>
        {feed === null ? null : (
          <p>
            There is one, made <Moment at={feed.createdAt} />. Making another one ends it.
          </p>
        )}
        <MadeForm
          action={make}
          label="Make the address of your feed"
          submit={feed === null ? 'Make an address' : 'Make another address'}
          look={feed === null ? 'primary' : 'plain'}
        />
        {feed === null ? null : (
          <ActionForm action={end} label="End the feed" submit="End it" look="danger" busy="Ending…" />
        )}
      </Clause>
    </>
  );
}
