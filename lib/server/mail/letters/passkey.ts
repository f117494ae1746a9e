// A passkey was added to or removed from an account: the person hears of it, because whoever stole a session would do just that.
import type { AccountName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

type About = { person: AccountName; name: string; at: Date; what: 'added' | 'removed' };

export function passkeyLetter({ person, name, at, what }: About): Letter {
  const way = what === 'added' ? 'It signs in to the account without a mail.' : 'It no longer signs in.';
  return {
    event: `passkey.${what}`,
    subject: `A passkey was ${what === 'added' ? 'added to' : 'removed from'} your account ${person}`,
    parts: [
      { paragraph: `A passkey was ${what === 'added' ? 'added to' : 'removed from'} the account ${person}. ${way}` },
      {
        facts: [
          ['Name', name],
          ['When', renderMoment(at)],
        ],
      },
      {
        paragraph:
          'If it was not you, somebody else is signed in as you: remove what you do not know, and tell the owners of your projects at once.',
      },
      { link: linkTo('/account/passkeys'), says: 'See your passkeys' },
    ],
    reason: `the account ${person} is yours; mail about ways to sign in cannot be switched off`,
  };
}
