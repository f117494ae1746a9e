// The sign-in link. The same letter to known and unknown addresses. Opening the link changes nothing; its page has the button.
import { linkTo, renderMoment } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { runtime } from '#lib/server/runtime.ts';

export function signInLetter(about: { token: string; expiresAt: Date }): Letter {
  const { indexName } = runtime();
  return {
    event: 'sign-in',
    subject: `Sign in to ${indexName}`,
    until: about.expiresAt,
    parts: [
      { paragraph: `Somebody, probably you, asked to sign in to ${indexName} with this address.` },
      { link: linkTo(`/sign-in/${about.token}`), says: 'Sign in' },
      { paragraph: `The link works once, until ${renderMoment(about.expiresAt)}. It asks you to press a button.` },
      { paragraph: 'If it was not you, do nothing: without this mail nobody gets in.' },
    ],
    reason: `your address was typed on the sign-in page of ${indexName}`,
  };
}
