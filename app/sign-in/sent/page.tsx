// After asking for a link: the same words for every address, so that nobody learns here who has an account.

import type { Metadata } from 'next';
import { Notice } from '#components/ui/notice.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { isMailLocal } from '#lib/server/queries/mailbox.ts';

export const metadata: Metadata = { title: 'Look into your mail' };

export default function SentPage() {
  return (
    <>
      <PageHeading
        title="Look into your mail"
        lead="If the address was right, a link is on its way. It works once and for 15 minutes."
      />
      {isMailLocal() ? (
        <Notice title="This instance has no mail server yet">
          <p>Its mails are in the local mailbox, whose secret address the program printed when it started.</p>
        </Notice>
      ) : null}
      <p>
        Nothing there after a few minutes? Look among the unwanted mail, or <a href="/sign-in">ask for another link</a>.
      </p>
    </>
  );
}
