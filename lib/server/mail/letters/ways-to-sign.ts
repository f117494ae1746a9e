// How one person gets from a mail to a signature: the personal link, which opens the page, and for each key the line that does all of it
// without a browser. The same in every mail that asks for a signature. The link cannot sign for anybody.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { MailPart } from '#lib/server/mail/compose.ts';

export type WaysToSign = {
  /** The address of the personal link. */
  link: string;
  /** Signing (sub)keys of the person that would count now, one a certificate. */
  keys: readonly Fingerprint[];
};

/** The line as it stands in the mail; it runs unchanged in a POSIX shell. The address is ours and needs no quoting. */
export const signingLine = (link: string, key: Fingerprint): string =>
  `curl -sO ${link}/SHA256SUMS && gpg -u '${key}!' -ab -o - SHA256SUMS | curl -T - ${link}/signatures`;

/** `says`: what stands on the button. */
export function waysToSignParts({ link, keys }: WaysToSign, says: string): MailPart[] {
  const without = 'Or without a browser, with GnuPG; it answers in one line:';
  const another = 'The same with your other key:';
  return [
    { link, says },
    {
      paragraph:
        'The link is yours alone and needs no sign-in, but it cannot sign for you: compare the digest above with the one on the page, then sign with your own key.',
    },
    ...keys.map((key, at) => ({ command: signingLine(link, key), says: at === 0 ? without : another })),
  ];
}
