// The local mailbox of an instance without a mail server: the newest mails of everybody. Its address is the secret.

import type { Metadata } from 'next';
import { Empty } from '#components/ui/empty.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { listMailbox } from '#lib/server/queries/mailbox.ts';

export const metadata: Metadata = { title: 'Local mailbox', robots: 'noindex' };

export default async function MailboxPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const mails = await load(`/mailbox/${secret}`, () => listMailbox(secret));
  return (
    <>
      <PageHeading
        title="Local mailbox"
        lead="This instance has no mail server, so its mails end here. Whoever knows this address reads them all."
      />
      {mails.length === 0 ? (
        <Empty title="No mail yet">The first one comes when somebody asks for a sign-in link.</Empty>
      ) : (
        <ul className="entries" aria-label="Mails, newest first">
          {mails.map((mail) => (
            <li key={mail.id}>
              <h2>
                <a href={`/mailbox/${secret}/${mail.id}`}>{mail.subject}</a>
              </h2>
              <p className="entry-facts">
                To {mail.to}, <Moment at={mail.createdAt.toISOString()} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
