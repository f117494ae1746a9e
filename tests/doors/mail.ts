// What people do about mail: choosing what comes, and switching it off by the link of a mail, which asks for nobody.
import { runtime } from '#lib/server/runtime.ts';
import { address, form, formAction, page, type Row } from './row.ts';

const nobody = 'person.sign-in-first';
const actions = 'app/account/mail/actions.ts';
const actionsHere = 'app/account/mail/[project]/actions.ts';
const unsubscribe = (pattern: RegExp): string => `address web/unsubscribe.ts ${String(pattern)}`;
const unknown = '/unsubscribe/unknown';

export const mail: Row[] = [
  page('/account/mail', () => '/account/mail', { nobody: 'sign in', outside: '200' }),
  page('/account/mail/[project]', (at) => `/account/mail/${at.project}`, {
    ...{ nobody: 'sign in', outside: '404', maintainer: '200' },
  }),
  formAction(actions, 'choose', { nobody, outside: 'input.not-a' }, () => ({ published: 'weekly' })),
  formAction(actions, 'setHours', { nobody, outside: 'input.not-a' }, () => ({ timeZone: 'nowhere', digestHour: '8' })),
  formAction(
    actionsHere,
    'chooseHere',
    { nobody, outside: 'person.may-not', maintainer: 'input.not-a' },
    () => ({ published: 'weekly' }),
    (at) => [at.project],
  ),
  page('/operator/[secret]', () => `/operator/${runtime().secrets.operator}`, { nobody: '200' }), // its address is the secret
  page('/operator/[secret]', () => '/operator/another-secret', { nobody: '404' }),
  formAction(
    'app/operator/[secret]/actions.ts',
    'retry',
    { nobody: 'mail.no-retry' },
    () => ({}),
    () => [runtime().secrets.operator, 'unknown'],
  ),
  formAction(
    'app/operator/[secret]/actions.ts',
    'retry',
    { nobody: 'operator.not-found' },
    () => ({}),
    (at) => ['another-secret', at.mail],
  ),
  page('/unsubscribe/[token]', () => unknown, { nobody: '404' }),
  address(
    unsubscribe(/^\/unsubscribe\/([A-Za-z0-9_.-]{1,700})$/),
    () => ({ path: unknown, method: 'POST', body: form({ 'List-Unsubscribe': 'One-Click' }) }),
    { nobody: '404 mail.link-unusable' },
  ),
];
