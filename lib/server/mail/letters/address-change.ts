// The address of an account changes: the link to the new mailbox, which proves that it is read; a word to the old one when it was asked for, and
// to both when it was done. Whoever stole a session would do just that, so none of it can be switched off.
import type { AccountName } from '#lib/core/ids.ts';
import type { MailAddress } from '#lib/server/mail/address.ts';
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

const cannotBeOff = 'mail about your address cannot be switched off';
const isYours = (person: AccountName): string => `the account ${person} is yours; ${cannotBeOff}`;

/** To the new address. */
export function confirmAddressLetter(about: { person: AccountName; token: string; expiresAt: Date }): Letter {
  const { person, token, expiresAt } = about;
  return {
    event: 'address.confirm',
    until: expiresAt,
    subject: `Confirm this address for the account ${person}`,
    parts: [
      {
        paragraph: `Somebody, probably you, wants mail for the account ${person} to come to this address from now on.`,
      },
      { link: linkTo(`/account/address/${token}`), says: 'Confirm this address' },
      {
        paragraph: `The link works once, until ${renderMoment(expiresAt)}, and only for somebody who is signed in as ${person}. It asks you to press a button.`,
      },
      { paragraph: `If you are not ${person}, do nothing: without this mail nothing changes.` },
    ],
    reason: `your address was typed in as the new one of the account ${person}`,
  };
}

/** To the old address, before anything changes. */
export function addressChangeAskedLetter(about: { person: AccountName; address: MailAddress; at: Date }): Letter {
  const { person, address, at } = about;
  return {
    event: 'address.change-asked',
    subject: `Somebody wants to change the address of your account ${person}`,
    parts: [
      { paragraph: `A change of the mail address of the account ${person} was asked for. Nothing has changed yet.` },
      {
        facts: [
          ['New address', address],
          ['Asked for', renderMoment(at)],
        ],
      },
      {
        paragraph:
          'It is changed when the new address has confirmed it. If it was not you, somebody else is signed in as you: drop the change on this page, look at your passkeys, and tell the owners of your projects at once.',
      },
      { link: linkTo('/account/address'), says: 'See or drop the change' },
    ],
    reason: isYours(person),
  };
}

/** To the old address and to the new one. */
export function addressChangedLetter(about: {
  person: AccountName;
  before: MailAddress;
  address: MailAddress;
  at: Date;
}): Letter {
  const { person, before, address, at } = about;
  return {
    event: 'address.changed',
    subject: `The address of your account ${person} was changed`,
    parts: [
      { paragraph: `Mail for the account ${person} goes to another address from now on, and signs in from there.` },
      {
        facts: [
          ['Before', before],
          ['Now', address],
          ['Changed', renderMoment(at)],
        ],
      },
      {
        paragraph:
          'This mail goes to both addresses. If it was not you, tell the owners of your projects and whoever runs this site at once: the old address no longer signs in.',
      },
      { link: linkTo('/account/address'), says: 'See your address' },
    ],
    reason: isYours(person),
  };
}
