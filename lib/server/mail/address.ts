// Mail addresses as people type them: exactly one mailbox, or a refusal. Input is hostile: a second recipient hidden in a
// comment or behind a comma, a line break that starts a header, a full-width at sign, a quoted local part that parsers
// read differently. So only the plain form is read: dot-atom @ host name (RFC 5322 3.4.1, less everything obsolete), and less what
// servers on the way have been seen to take for another mailbox: `%` and `!` (routes of old relays), `?` (in `=?…?=`, an encoded word), numbers as host.
import { refuse } from '#lib/core/errors.ts';

declare const brand: unique symbol;
/** One mailbox, lower-cased: `ada@example.org`. */
export type MailAddress = string & { readonly [brand]: 'MailAddress' };

const atom = "[a-z0-9#$&'*+/=^_`{|}~-]+";
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const mailbox = new RegExp(
  `^(?=.{3,254}$)(?=[^@]{1,64}@)(?!.*[@.]\\d+$)${atom}(?:\\.${atom})*@${label}(?:\\.${label})*$`,
);

/** A sender as operators write it: `Name <address>` or the address alone. Null: neither, or more than one mailbox. */
export function readSender(claimed: string): { name: string; address: MailAddress } | null {
  const [, name = '', inBrackets, alone] = /^(?:([^<>"@,;:()\\\p{Cc}]*)<([^<>]*)>|([^<>]*))$/u.exec(claimed) ?? [];
  try {
    return { name: name.trim(), address: readMailAddress(inBrackets ?? alone) };
  } catch {
    return null;
  }
}

/**
 * Reads one address; spaces around it and capitals are mended, nothing else.
 * @throws `address.not-one-mailbox`
 */
export function readMailAddress(claimed: unknown): MailAddress {
  // Only spaces at the ends: trim() would also take a line break or a no-break space.
  const address = typeof claimed === 'string' && claimed.length <= 320 ? claimed.replace(/^ +| +$/g, '') : '';
  // ASCII only before lower-casing: the Kelvin sign and others become ASCII letters in toLowerCase().
  if (/^[\x21-\x7e]+$/.test(address) && mailbox.test(address.toLowerCase()))
    return address.toLowerCase() as MailAddress;
  throw refuse('address.not-one-mailbox', {
    claimed: typeof claimed === 'string' ? claimed.slice(0, 80) : typeof claimed,
  });
}
