// A key was reported as lost, or it was revoked: its person and the owners of the projects that name it hear of it. Owners are led to
// the page where they propose the policy without it; to the person it is a warning, in case it was not they who did it.
import type { Revocation } from '#lib/core/key.ts';
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter, MailPart } from '#lib/server/mail/compose.ts';

export type KeyEndedLetter = {
  person: AccountName;
  key: Fingerprint;
  at: Date;
  end: 'lost' | Revocation['kind'];
  /** Projects of the reader whose policy names the key. */
  projects: readonly ProjectName[];
  reader: AccountName;
};

const words = {
  lost: [
    'is lost',
    'was reported as lost. From now on no new signature by it enters here; what it signed before keeps counting.',
  ],
  soft: ['is revoked', 'was revoked. Nothing new by it is accepted; what was received before keeps counting.'],
  hard: [
    'is revoked as compromised',
    'was revoked as compromised. Nothing by it counts any more, however old; drafts lost its signatures at once.',
  ],
} as const;

export function keyEndedLetter(about: KeyEndedLetter): Letter {
  const { person, key, at, projects, reader } = about;
  const [inShort, sentence] = words[about.end];
  const isOwn = reader === person;
  const whose = isOwn ? 'A key of your account' : `A key of ${person}`;
  return {
    event: about.end === 'lost' ? 'key.lost' : 'key.revoked',
    subject: `${whose} ${inShort}`,
    parts: [
      {
        paragraph: `${whose} ${sentence}`,
      },
      {
        facts: [
          ['Fingerprint', key],
          ['Since', renderMoment(at)],
        ],
      },
      ...projects.flatMap((project): MailPart[] => [
        {
          paragraph: `The policy of ${project} still names it. An owner should propose the policy that retires it.`,
        },
        { link: linkTo(`/projects/${project}/people`), says: `People and keys of ${project}` },
      ]),
      ...(isOwn
        ? [
            {
              paragraph:
                'If it was not you who did it, somebody else is signed in as you: tell the owners of your projects at once.',
            },
            { link: linkTo(`/account/keys/${key}`), says: 'See the key' },
          ]
        : []),
    ],
    reason: isOwn
      ? `the account ${person} is yours; mail about keys cannot be switched off`
      : `you own a project that names this key; mail about keys cannot be switched off`,
  };
}
