// The personal links in mails by which this draft can be opened without signing in: all of them for an owner, else one's own; each can be ended.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { linksOfDraft, type LinksOfPerson } from '#lib/server/queries/personal-links.ts';
import { endLinks } from './link-actions.ts';

export async function Links({ id }: { id: string }) {
  const links = await load(`/drafts/${id}`, async () => linksOfDraft(await currentActor(), id));
  if (links.length === 0) return null;
  return (
    <details className="reveal">
      <summary>Links in mails</summary>
      <p>
        A link in a mail opens this draft for its person without signing in: to read it, hand in a signature, decline or
        mute it. It cannot sign. End it if the mail went astray.
      </p>
      <ul className="entries" aria-label="People with a link">
        {links.map((link) => (
          <OnePerson key={link.name} id={id} link={link} />
        ))}
      </ul>
    </details>
  );
}

function OnePerson({ id, link: { name, isMe, count, until, unverified } }: { id: string; link: LinksOfPerson }) {
  const submit = isMe ? 'End your own links' : `End the links of ${name}`;
  return (
    <li>
      <p>
        <strong>{name}</strong>
        {isMe ? ' (you)' : null}: {count === 1 ? 'one link' : `${count} links`}, until <Moment at={until} />
      </p>
      {unverified === 0 ? null : (
        <p className="entry-facts">
          {unverified === 1 ? 'One upload' : `${unverified} uploads`} by it could not be verified, and nothing of that
          was kept.
        </p>
      )}
      <ActionForm
        action={endLinks.bind(null, id, name)}
        label={`End the links of ${name}`}
        submit={submit}
        look="plain"
      />
    </li>
  );
}
