// "Mail to bo bounced twice": told to whoever can do something about it, in another way than by mail.
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';

export type TroubleEntry = { person: string; failed: number; lastAt: Date; isRefused: boolean };

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

type MailTroubleNoticeProps = {
  troubles: readonly TroubleEntry[];
  /** It is the reader's own mail. */
  isOwn?: boolean;
};

export function MailTroubleNotice({ troubles, isOwn = false }: MailTroubleNoticeProps) {
  return troubles.map(({ person, failed, lastAt, isRefused }) => (
    <Notice
      key={person}
      tone="warning"
      title={`Mail to ${isOwn ? 'you' : person} ${isRefused ? 'bounced' : 'did not arrive'} ${times(failed)}.`}
    >
      <p>
        Last on <Moment at={lastAt} />:{' '}
        {isRefused
          ? 'the mailbox refuses it.'
          : 'it was tried for days, or until its link had died, and then given up.'}{' '}
        {isOwn
          ? 'Change your address, or ask whoever runs your mailbox.'
          : `Reach ${person} in another way; ${person} can change the address in the account.`}
      </p>
    </Notice>
  ));
}
