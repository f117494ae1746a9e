// How many links in mails to the reader still open a draft without signing in, and the one button that ends them all.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { currentActor } from '#lib/next/session.ts';
import { countOwnLinks } from '#lib/server/queries/personal-links.ts';
import { endAllLinks } from './link-actions.ts';

export async function OwnLinks() {
  const count = await countOwnLinks(await currentActor());
  if (count === 0) return <p>No link in a mail to you opens anything at the moment.</p>;
  return (
    <>
      <p>
        {count === 1 ? 'One link' : `${count} links`} in mails to you {count === 1 ? 'opens' : 'open'} a draft without
        signing in. They cannot sign; each ends with its draft.
      </p>
      <ActionForm action={endAllLinks} label="End all links in your mails" submit="End all of them" look="plain" />
    </>
  );
}
