// Where the reader stands with a draft: signed already, able to sign, or not and why. The same words on the draft's page and on that of a personal link.
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';

/** What is known of the reader's signature; null: nothing is to be signed any more. */
export type ReaderStands = { signedAt: Date | null; cannotSign: string | null; will: string } | null;

/** Nothing where the reader has not signed. */
export function SignedAlready({ panel }: { panel: ReaderStands }) {
  if (!panel?.signedAt) return null;
  return (
    <Notice tone="good" title="You signed this revision.">
      <p>
        On <Moment at={panel.signedAt} />. There is nothing more for you to do.
      </p>
    </Notice>
  );
}

/** Whether the reader can sign now. */
export const canSign = (panel: ReaderStands): boolean =>
  panel !== null && panel.cannotSign === null && panel.signedAt === null;

/** What signing will do, or why there is nothing to sign for the reader. */
export function wordsFor(panel: ReaderStands): string | null {
  if (panel === null) return 'Enough people have signed; nothing more is to be signed.';
  if (canSign(panel)) return panel.will;
  return panel.signedAt === null ? panel.cannotSign : null;
}
