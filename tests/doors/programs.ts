// What programs are told of a project and may ask of it: the pages and actions of webhooks, tokens and feeds. The raw addresses that programs
// themselves ask are in addresses.ts.
import { formAction, page, type Row } from './row.ts';

const nobody = 'person.sign-in-first';
const stale = 'session.not-fresh';
const noFields = (): Record<string, string> => ({});
const feed = 'app/account/feed/actions.ts';
const tokens = 'app/account/tokens/actions.ts';
const programs = 'app/projects/[name]/programs/actions.ts';
const webhook = 'app/projects/[name]/programs/[webhook]/actions.ts';
const elsewhere = 'app/projects/[name]/elsewhere/actions.ts';

/** Owners only; the webhook that they name is not there. */
const ofWebhook = (name: string, fields = noFields): Row =>
  formAction(webhook, name, { nobody, outside: 'person.may-not', owner: 'webhook.not-found', stale }, fields, (at) => [
    at.project,
    'unknown',
  ]);

export const programRows: Row[] = [
  page('/account/feed', () => '/account/feed', { nobody: 'sign in', outside: '200' }),
  page('/projects/[name]/programs', (at) => `/projects/${at.project}/programs`, {
    ...{ nobody: 'sign in', outside: '404', maintainer: '200' },
  }),
  page('/projects/[name]/programs/[webhook]', (at) => `/projects/${at.project}/programs/${at.webhook}`, {
    ...{ nobody: 'sign in', outside: '404', owner: '200' },
  }),
  page('/projects/[name]/elsewhere', (at) => `/projects/${at.project}/elsewhere`, {
    ...{ nobody: 'sign in', outside: '404', maintainer: '200' },
  }),
  formAction(
    elsewhere,
    'set',
    { nobody, outside: 'person.may-not', owner: 'elsewhere.address', stale },
    () => ({ url: 'http://127.0.0.1/', username: '__token__', secret: 'x' }),
    (at) => [at.project],
  ),
  formAction(
    elsewhere,
    'remove',
    { nobody, outside: 'person.may-not', owner: 'elsewhere.not-found', stale },
    noFields,
    (at) => [at.project],
  ),
  formAction(
    elsewhere,
    'send',
    { nobody, outside: 'person.may-not', owner: 'elsewhere.not-found', stale },
    noFields,
    (at) => [at.project, '1.0'],
  ),
  page('/account/tokens', () => '/account/tokens', { nobody: 'sign in', outside: '200' }),
  formAction(tokens, 'make', { nobody, outside: 'token.no-scope', stale }, () => ({ name: 'laptop', days: '90' })),
  formAction(tokens, 'revoke', { nobody, outside: 'token.not-found' }, noFields, () => ['unknown']),
  formAction(feed, 'end', { nobody, outside: 'feed.not-found' }, noFields),
  formAction(feed, 'make', { nobody, outside: 'done', stale }, noFields),
  formAction(
    programs,
    'add',
    { nobody, outside: 'person.may-not', owner: 'webhook.address', stale },
    () => ({ address: 'http://127.0.0.1/', event: 'draft.opened' }),
    (at) => [at.project],
  ),
  formAction(
    programs,
    'makeToken',
    { nobody, outside: 'person.may-not', maintainer: 'input.not-a', stale },
    () => ({ name: 'x'.repeat(61) }),
    (at) => [at.project],
  ),
  formAction(
    programs,
    'revokeToken',
    { nobody, outside: 'person.may-not', maintainer: 'token.not-found' },
    noFields,
    (at) => [at.project, 'unknown'],
  ),
  ofWebhook('test'),
  ofWebhook('again'),
  ofWebhook('changeEvents', () => ({ event: 'draft.opened' })),
  ofWebhook('makeSecret', () => ({ earlier: 'overlaps' })),
  ofWebhook('turn'),
  ofWebhook('remove'),
];
