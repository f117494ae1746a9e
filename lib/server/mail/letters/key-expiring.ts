// A key ends soon: its person and the owners of the projects that name it hear of it 30, 14, 7 and 3 days ahead, once each.
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type KeyExpiringLetter = {
  person: AccountName;
  key: Fingerprint;
  endsAt: Date;
  /** Full days that remain. */
  days: number;
  projects: readonly ProjectName[];
  reader: AccountName;
};

export function keyExpiringLetter(about: KeyExpiringLetter): Letter {
  const { person, key, endsAt, days, projects, reader } = about;
  const isOwn = reader === person;
  const whose = isOwn ? 'Your key' : `A key of ${person}`;
  const left = days === 1 ? '1 day' : `${days} days`;
  const named = projects.length === 0 ? 'no project' : projects.join(', ');
  return {
    event: 'key.expiring',
    subject: `${whose} expires in ${left}`,
    parts: [
      {
        paragraph: `${whose} expires in ${left}. After that nothing new by it is accepted; what was received before keeps counting.`,
      },
      {
        facts: [
          ['Fingerprint', key],
          ['Expires', renderMoment(endsAt)],
          ['Signs for', named],
        ],
      },
      ...(isOwn
        ? [
            { says: 'Extend it, and hand in the new copy on its page', command: `gpg --quick-set-expire ${key} 2y` },
            { link: linkTo(`/account/keys/${key}`), says: 'See your key' },
          ]
        : [
            {
              paragraph: `${person} extends it with their own tool and hands in the new copy. Nothing is to be done by you; without it, ${person} cannot sign any more.`,
            },
          ]),
    ],
    reason: isOwn
      ? `the account ${person} is yours; mail about keys cannot be switched off`
      : 'you own a project that names this key; mail about keys cannot be switched off',
  };
}
