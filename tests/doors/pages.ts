// Pages and Next's own routes: what each role sees when it asks for the address. Asking changes nothing, whoever asks.
import { page, type Row } from './row.ts';
import { answersOf } from './roles.ts';

const forAll = { nobody: '200' };
const forPeople = { nobody: 'sign in', outside: '200' };
/** One's own things: the key of the owner is not there for anybody else. */
const forTheOwner = { nobody: 'sign in', outside: '404', owner: '200' };
const forSigners = { nobody: 'sign in', outside: '404', maintainer: '200' };

const auth = '/api/auth/[...nextauth]';

export const pages: Row[] = [
  page('/', () => '/', forAll),
  page('/icon.svg', () => '/icon.svg', forAll),
  page('/mail-key', () => '/mail-key', { nobody: '404' }), // mail is not signed where doors are tried
  page('/trouble', () => '/trouble', forAll),
  page('/log', () => '/log', forAll),
  page('/docs', () => '/docs', forAll),
  page('/docs/api', () => '/docs/api', forAll),
  page('/docs/api/shapes', () => '/docs/api/shapes', forAll),
  page('/docs/api/[area]', () => '/docs/api/large-files', forAll),
  page('/docs/api/[area]', () => '/docs/api/nothing', { nobody: '404' }),
  page('/docs/problems', () => '/docs/problems', forAll),
  page('/docs/problems/[area]', () => '/docs/problems/draft', forAll),
  page('/docs/problems/[area]', () => '/docs/problems/nothing', { nobody: '404' }),
  page('/docs/[...page]', () => '/docs/guide/client', forAll),
  page('/docs/[...page]', () => '/docs/nothing', { nobody: '404' }),
  page('/log', () => '/log?before=x', { nobody: '404' }),
  page('/projects/[name]/log', (at) => `/projects/${at.project}/log`, forAll),
  page('/sign-in', () => '/sign-in', forAll),
  page('/sign-in/[token]', (at) => `/sign-in/${at.signInToken}`, forAll),
  page('/sign-in/sent', () => '/sign-in/sent', forAll),
  page('/mailbox/[secret]', (at) => `/mailbox/${at.mailbox}`, forAll), // its address is the secret
  page('/mailbox/[secret]', () => '/mailbox/another-secret', { nobody: '404' }),
  page('/mailbox/[secret]/[mail]', (at) => `/mailbox/${at.mailbox}/${at.mail}`, forAll),
  page('/mailbox/[secret]/[mail]', (at) => `/mailbox/another-secret/${at.mail}`, { nobody: '404' }),
  page('/account', () => '/account', forPeople),
  page('/account/confirm', () => '/account/confirm', forPeople),
  page('/account/history', () => '/account/history', forPeople),
  page('/account/history/[entry]', (at) => `/account/history/${at.entries.ownersOwn}`, forTheOwner),
  page('/account/address', () => '/account/address', forPeople),
  page('/account/address/[token]', () => '/account/address/unknown', forAll),
  page('/account/passkeys', () => '/account/passkeys', forPeople),
  page('/account/keys', () => '/account/keys', forPeople),
  page('/account/keys/new', () => '/account/keys/new', forPeople),
  page('/account/keys/new/device', () => '/account/keys/new/device', forPeople),
  page('/account/keys/new/make', () => '/account/keys/new/make', forPeople),
  page('/account/keys/[fingerprint]', (at) => `/account/keys/${at.key}`, forTheOwner),
  page('/account/keys/[fingerprint]', (at) => `/account/keys/${at.unproven}`, forTheOwner),
  // Opened from a mail, perhaps in another browser: it says for whom it is and that it cannot be used.
  page('/account/keys/[fingerprint]/opened/[token]', (at) => `/account/keys/${at.unproven}/opened/unknown`, forAll),
  // Only the cookie that a personal link sets opens it; no session does (tests/web/personal-links.test.ts has those who come by the link).
  page('/for-you/[draft]', (at) => `/for-you/${at.draft}`, forAll),
  page('/invitations/[token]', (at) => `/invitations/${at.invitation.token}`, forAll), // whoever has the link
  page('/invitations/[token]', () => '/invitations/unknown', { nobody: '404' }),
  page('/projects/new', () => '/projects/new', forPeople),
  page('/projects/[name]', (at) => `/projects/${at.project}`, forAll),
  page('/projects/[name]/drafts/new', (at) => `/projects/${at.project}/drafts/new`, { ...forSigners, nobody: '404' }),
  page('/projects/[name]/declare/[...about]', (at) => `/projects/${at.project}/declare/status`, forSigners),
  page('/projects/[name]/declare/[...about]', (at) => `/projects/${at.project}/declare/yank/9.9`, {
    nobody: 'sign in',
    outside: '404', // and a version that is not published is not there for its people either
  }),
  // Nothing is published where doors are tried.
  page('/projects/[name]/releases/[version]', (at) => `/projects/${at.project}/releases/1.0`, { nobody: '404' }),
  page('/projects/[name]/history', (at) => `/projects/${at.project}/history`, forAll),
  page('/projects/[name]/history/[entry]', (at) => `/projects/${at.project}/history/${at.entries.everybody}`, forAll),
  page('/projects/[name]/history/[entry]', (at) => `/projects/${at.project}/history/${at.entries.inside}`, {
    nobody: '404',
    maintainer: '200',
  }),
  page('/projects/[name]/people', (at) => `/projects/${at.project}/people`, forAll),
  page('/projects/[name]/people/[fingerprint]', (at) => `/projects/${at.project}/people/${at.key}`, forAll),
  page('/projects/[name]/people/leave', (at) => `/projects/${at.project}/people/leave`, {
    nobody: '404',
    maintainer: '200',
  }),
  page('/projects/[name]/people/remove/[person]', (at) => `/projects/${at.project}/people/remove/bo`, {
    nobody: '404',
    owner: '200',
  }),
  page('/projects/[name]/reminders', (at) => `/projects/${at.project}/reminders`, forSigners),
  page('/projects/[name]/policy/[[...version]]', (at) => `/projects/${at.project}/policy`, forAll),
  page('/projects/[name]/policy/history', (at) => `/projects/${at.project}/policy/history`, forAll),
  page('/projects/[name]/policy/change', (at) => `/projects/${at.project}/policy/change`, {
    nobody: '404',
    owner: '200',
  }),
  page('/projects/[name]/policy/new-chain', (at) => `/projects/${at.project}/policy/new-chain`, {
    nobody: '404',
    maintainer: '200',
  }),
  page('/projects/[name]/policy/[[...version]]', (at) => `/projects/${at.project}/policy/1`, forAll),
  page('/projects/[name]/policy/[[...version]]', (at) => `/projects/${at.project}/policy/${at.openPolicy}`, {
    nobody: '404',
    invited: '200', // it may be the one that names them
  }),
  page('/drafts/[id]', (at) => `/drafts/${at.draft}`, forSigners),
  // To people outside, those that they chose are not there: the page says no more of them.
  page('/drafts/sign', (at) => `/drafts/sign?draft=${at.draft}&draft=${at.spareDraft}`, forPeople),
  page('/drafts/[id]/changes', (at) => `/drafts/${at.draft}/changes?against=revision&path=1`, forSigners),
  page('/drafts/[id]/history', (at) => `/drafts/${at.draft}/history`, forSigners),
  page('/drafts/[id]', () => '/drafts/000000000000', { nobody: 'sign in', outside: '404' }),
  {
    door: `route GET ${auth}`,
    knock: () => ({ path: '/api/auth/session' }),
    answers: answersOf(forAll),
  },
  // Signing in and callbacks of next-auth are not reachable: links and their button are ours.
  {
    door: `route GET ${auth}`,
    knock: () => ({ path: '/api/auth/signin' }),
    answers: answersOf({ nobody: '404' }),
  },
  {
    door: `route POST ${auth}`,
    knock: () => ({ path: '/api/auth/callback/email', method: 'POST', body: '' }),
    answers: answersOf({ nobody: '404' }),
  },
];
