// The encrypted challenge: the message inline and attached, with the one command that opens it. It goes to the person who asked for it on the
// page of the key. The token is inside the encrypted message only; the link here leads to the page and proves nothing.
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { challengeFileName, openingCommands } from '#lib/server/queries/opening-commands.ts';

type About = { person: AccountName; key: Fingerprint; sealed: string; expiresAt: Date };

export function keyChallengeLetter({ person, key, sealed, expiresAt }: About): Letter {
  const [gpg, ...others] = openingCommands(key);
  return {
    event: 'key.challenge',
    subject: 'Open this message to prove your key',
    until: expiresAt,
    parts: [
      {
        paragraph: `You asked to prove a key of your account ${person}. A message is attached that only its private key opens; the same one stands below.`,
      },
      {
        facts: [
          ['Fingerprint', key],
          ['Opens until', renderMoment(expiresAt)],
        ],
      },
      { command: gpg?.command ?? '', says: `Save ${challengeFileName} and open it:` },
      ...others.map(({ command, label }) => ({ command, says: `Or with ${label}:` })),
      { paragraph: 'Follow the link that this prints, or paste all of it on the page of the key.' },
      { link: linkTo(`/account/keys/${key}`), says: 'The page of the key' },
      {
        ...{ sealed, fileName: challengeFileName },
        says: `Without attachments: copy the block, first line to last, into a file ${challengeFileName}. The command is the same.`,
      },
      {
        paragraph:
          'If it was not you who asked, open nothing and paste nothing: somebody else is signed in as you. Tell the owners of your projects at once.',
      },
    ],
    reason: `you asked for it on the page of a key of the account ${person}`,
  };
}
