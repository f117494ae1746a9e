// Somebody signed in: the person hears of every session that is opened in a browser where they were not signed in already, because a stolen
// mailbox or passkey shows just there. Cannot be switched off.
import type { AccountName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type SessionStartedLetter = {
  person: AccountName;
  at: Date;
  way: 'mail' | 'passkey';
  /** The network address that the web program saw. */
  client: string;
};

export function sessionStartedLetter({ person, at, way, client }: SessionStartedLetter): Letter {
  return {
    event: 'session.started',
    subject: `New sign-in to your account ${person}`,
    parts: [
      { paragraph: `Somebody, probably you, signed in to the account ${person}.` },
      {
        facts: [
          ['When', renderMoment(at)],
          ['How', way === 'mail' ? 'with the link in a mail to you' : 'with a passkey'],
          ['From', client],
        ],
      },
      {
        paragraph:
          way === 'mail'
            ? 'If it was not you, somebody else reads your mail: secure the mailbox first, then sign in, look at your keys and passkeys, and tell the owners of your projects at once.'
            : 'If it was not you, somebody else has a passkey of yours: sign in, remove what you do not know, and tell the owners of your projects at once.',
      },
      { link: linkTo('/account/history'), says: 'See what happened in your account' },
    ],
    reason: `the account ${person} is yours; mail about signing in cannot be switched off`,
  };
}
