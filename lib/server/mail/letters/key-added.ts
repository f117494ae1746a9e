// A key was proven for an account: the person hears of it, because whoever stole a session would do just that.
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export function keyAddedLetter(about: { person: AccountName; key: Fingerprint; at: Date }): Letter {
  return {
    event: 'key.added',
    subject: `A key was added to your account ${about.person}`,
    parts: [
      { paragraph: `The account ${about.person} has a new, proven key.` },
      {
        facts: [
          ['Fingerprint', about.key],
          ['Proven', renderMoment(about.at)],
        ],
      },
      {
        paragraph:
          'It signs for no project until a policy names it. If it was not you who added it, somebody else is signed in as you: tell the owners of your projects at once.',
      },
      { link: linkTo('/account/keys'), says: 'See your keys' },
    ],
    reason: `the account ${about.person} is yours; mail about keys cannot be switched off`,
  };
}
