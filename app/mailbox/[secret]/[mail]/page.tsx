// One mail of the local mailbox: its text part as it would be sent, what is attached, and our own links in it to follow. No HTML of a mail is
// ever put into a page.

import type { Metadata } from 'next';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { readMailboxMail } from '#lib/server/queries/mailbox.ts';

export const metadata: Metadata = { title: 'A mail', robots: 'noindex' };

export default async function MailPage({ params }: { params: Promise<{ secret: string; mail: string }> }) {
  const { secret, mail: id } = await params;
  const mail = await load(`/mailbox/${secret}/${id}`, () => readMailboxMail(secret, id));
  return (
    <>
      <PageHeading
        title={mail.subject}
        trail={[{ href: `/mailbox/${secret}`, label: 'Local mailbox' }]}
        lead={
          <>
            To {mail.to}, <Moment at={mail.createdAt.toISOString()} />
          </>
        }
      />
      {mail.text === '' ? (
        <p>Its text was deleted some days after it was sent, because mails hold links that somebody could use.</p>
      ) : (
        <pre className="mail-text">{mail.text}</pre>
      )}
      {mail.attachments.length === 0 ? null : (
        <Clause title="Attached to this mail">
          <ul>
            {mail.attachments.map((name) => (
              <li key={name}>
                <a href={`/mailbox/${secret}/${id}/attachments/${name}`} download={name}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </Clause>
      )}
      {mail.links.length === 0 ? null : (
        <Clause title="Links in this mail">
          <ul>
            {mail.links.map((link) => (
              <li key={link}>
                <a href={link}>{link}</a>
              </li>
            ))}
          </ul>
        </Clause>
      )}
    </>
  );
}
