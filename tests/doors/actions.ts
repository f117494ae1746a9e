// Server actions: what each role is answered when it posts to them. Whoever may pass is refused by a later check that changes nothing, unless
// there is none. A sensitive act asks for a recent sign-in (`stale`).
import { action, form, formAction, type Row } from './row.ts';

const nobody = 'person.sign-in-first';
const stale = 'session.not-fresh';
const noFields = (): Record<string, string> => ({});

const key = 'app/account/keys/[fingerprint]/actions.ts';
const life = 'app/account/keys/[fingerprint]/life-actions.ts';
const address = 'app/account/address/actions.ts';
const passkeys = 'app/account/passkeys/actions.ts';
const signing = 'lib/next/passkey-actions.ts';

/** What only the account itself can do to a key of its own: to everybody else the key is not there. */
const withOwnKey = (owner: string) => ({ nobody, outside: 'key.not-found', owner });

export const accountActions: Row[] = [
  action('app/theme.ts', 'chooseTheme', () => [form()], { nobody: 'done' }),
  action('app/account/sign-out.ts', 'signOutHere', () => [], { nobody: 'goes on' }),
  formAction('app/sign-in/actions.ts', 'askForLink', { nobody: 'address.not-one-mailbox' }, () => ({
    address: 'not one',
  })),
  formAction('app/sign-in/[token]/actions.ts', 'pressButton', { nobody: 'sign-in.link-unusable' }, () => ({
    token: 'unknown',
  })),
  formAction(
    'app/account/confirm/actions.ts',
    'mailLink',
    { nobody, outside: 'goes on' },
    () => ({}),
    () => ['/'],
  ),
  formAction(address, 'askForChange', { nobody, outside: 'address.not-one-mailbox', stale }, () => ({
    address: 'not one',
  })),
  formAction(address, 'dropChange', { nobody, outside: 'address.no-change' }, noFields),
  formAction(
    'app/account/address/[token]/actions.ts',
    'confirmChange',
    { nobody, outside: 'address.link-unusable', stale },
    () => ({ token: 'unknown' }),
  ),
  action(signing, 'askPasskey', () => [], { nobody: 'done' }),
  action(signing, 'signInWithPasskey', () => ['/', 'no answer'], { nobody: 'passkey.unreadable' }),
  action(passkeys, 'askForNew', () => [], { nobody, outside: 'done', stale }),
  action(passkeys, 'add', () => ['no answer', 'My phone'], { nobody, outside: 'passkey.unreadable', stale }),
  formAction(passkeys, 'remove', { nobody, outside: 'passkey.not-found', stale }, noFields, () => ['unknown']),
  formAction('app/account/keys/new/actions.ts', 'addKeyOf', { nobody, outside: 'key.is-other', stale }, () => ({
    pasted: 'no key',
  })),
  formAction('app/account/keys/new/actions.ts', 'fetchKeyOf', { nobody, outside: 'key.no-servers' }, (at) => ({
    fingerprint: at.key,
  })),
  formAction('app/account/keys/new/make/actions.ts', 'addMadeKey', { nobody, outside: 'key.is-other', stale }, () => ({
    certificate: 'no key',
  })),
  formAction(
    'app/account/keys/new/device/actions.ts',
    'registerKey',
    { nobody, outside: 'key.is-other', stale },
    () => ({ certificate: 'no key' }),
  ),
  formAction(key, 'newPhrase', withOwnKey('done'), noFields, (at) => [at.unproven]),
  formAction(
    key,
    'handInProof',
    withOwnKey('signature.is-other'),
    () => ({ pasted: 'no signature' }),
    (at) => [at.unproven],
  ),
  formAction(key, 'sendChallenge', withOwnKey('key.cannot-decrypt'), noFields, (at) => [at.unproven]),
  ...['proveByOpening', 'proveByOpeningHere'].map((name) =>
    formAction(
      key,
      name,
      { nobody, outside: 'key.token-unreadable' },
      () => ({ opened: 'nothing' }),
      (at) => [at.unproven],
    ),
  ),
  formAction(
    'app/account/keys/[fingerprint]/opened/[token]/actions.ts',
    'proveByLink',
    { nobody, outside: 'key.token-unreadable' },
    () => ({ opened: 'nothing' }),
    (at) => [at.unproven],
  ),
  formAction(
    life,
    'mergeCopy',
    { nobody, outside: 'key.is-other', stale },
    () => ({ pasted: 'no key' }),
    (at) => [at.key],
  ),
  formAction(
    life,
    'sayLost',
    { ...withOwnKey('key.not-active'), stale },
    () => ({ typed: 'lost' }),
    (at) => [at.unproven],
  ),
];

const people = 'app/projects/[name]/people/actions.ts';
const personKey = 'app/projects/[name]/people/[fingerprint]/actions.ts';
const policy = 'app/projects/[name]/policy/[[...version]]/actions.ts';
const declare = 'app/projects/[name]/declare/[...about]/actions.ts';
const draft = 'app/drafts/[id]/actions.ts';
const reminding = 'app/drafts/[id]/reminder-actions.ts';
const talk = 'app/drafts/[id]/talk-actions.ts';

/** What owners do: to everybody else who is signed in, more than they may. */
const byFreshOwners = (owner: string) => ({ nobody, outside: 'person.may-not', owner, stale });
/** What is done to a draft, which is not there for people outside. */
const bySigners = (maintainer: string) => ({ nobody, outside: 'draft.not-found', maintainer });

/** Another fingerprint than that of the key with which the invitation was accepted. */
const confirming = {
  ...{ nobody, outside: 'invitation.not-found', invited: 'person.may-not' },
  ...{ owner: 'invitation.key-differs', stale },
};

const noSignature = () => ({ pasted: 'no signature' });
const noDigest = '0'.repeat(64);

/** Only the cookie of a personal link opens these; no session does. */
const byLink = 'app/for-you/[draft]/actions.ts';
const nobodyByLink = { nobody: 'link.lapsed' };

export const linkActions: Row[] = [
  formAction(byLink, 'handInByLink', nobodyByLink, noFields, (at) => [at.draft, 'bo', 1]),
  formAction(
    byLink,
    'declineByLink',
    nobodyByLink,
    () => ({ declineReason: 'not yet' }),
    (at) => [at.draft, 'bo', 1],
  ),
  formAction(
    byLink,
    'silenceByLink',
    nobodyByLink,
    () => ({ wish: 'mute' }),
    (at) => [at.draft, 'bo'],
  ),
  formAction(byLink, 'endLink', nobodyByLink, noFields, (at) => [at.draft, 'bo']),
  // The second time there is none left.
  formAction(
    'app/account/link-actions.ts',
    'endAllLinks',
    { nobody, outside: 'link.none-live', maintainer: 'done', stale: 'link.none-live' },
    noFields,
  ),
  // The opener is mailed no link; a maintainer may end their own only.
  formAction(
    'app/drafts/[id]/link-actions.ts',
    'endLinks',
    { nobody, outside: 'draft.not-found', maintainer: 'person.may-not', owner: 'link.none-live' },
    noFields,
    (at) => [at.draft, 'rex'],
  ),
];

export const projectActions: Row[] = [
  formAction('app/projects/new/actions.ts', 'createProjectOf', { nobody, outside: 'key.not-found' }, () => ({
    name: 'one-more',
    threshold: '1',
    key: noDigest.slice(0, 40),
  })),
  formAction(
    'app/invitations/[token]/actions.ts',
    'accept',
    { nobody, outside: 'invitation.other-account', but: { stranger: 'key.not-found' } },
    () => ({ key: noDigest.slice(0, 40) }),
    (at) => [at.invitation.token],
  ),
  formAction(
    people,
    'invite',
    byFreshOwners('address.not-one-mailbox'),
    () => ({ address: 'not one', role: 'owner' }),
    (at) => [at.project],
  ),
  formAction(
    personKey,
    'confirmByPaste',
    confirming,
    (at) => ({ pasted: at.key }),
    (at) => [at.project, at.accepted.id, at.accepted.key],
  ),
  formAction(
    personKey,
    'confirmByWords',
    confirming,
    () => ({ heard: 'yes' }),
    (at) => [at.project, at.accepted.id, at.key],
  ),
  formAction(
    people,
    'revoke',
    {
      nobody,
      outside: 'invitation.not-found',
      invited: 'person.may-not',
      owner: 'done',
      stale: 'invitation.not-found',
    },
    noFields,
    (at) => [at.project, at.spareInvitation],
  ),
  formAction(
    people,
    'admit',
    byFreshOwners('policy.already-open'),
    (at) => ({ admit: at.invitation.id }),
    (at) => [at.project],
  ),
  formAction(
    people,
    'nameKeys',
    byFreshOwners('policy.already-open'),
    (at) => ({ key: at.unproven }),
    (at) => [at.project],
  ),
  formAction(
    people,
    'retireKeys',
    byFreshOwners('policy.already-open'),
    (at) => ({ retire: at.maintainerKey }),
    (at) => [at.project],
  ),
  formAction(
    'app/projects/[name]/policy/new-chain/actions.ts',
    'beginChainOf',
    { nobody, outside: 'person.may-not', maintainer: 'policy.already-open', stale },
    (at) => ({ typed: at.project, threshold: '1' }),
    (at) => [at.project],
  ),
  formAction(
    'app/projects/[name]/people/remove/[person]/actions.ts',
    'propose',
    byFreshOwners('policy.already-open'),
    () => ({ threshold: '2', ownerThreshold: '1', how: 'retire', typed: 'bo' }),
    (at) => [at.project, 'bo'],
  ),
  formAction(
    'app/projects/[name]/people/leave/actions.ts',
    'leave',
    { nobody, outside: 'person.may-not', maintainer: 'policy.already-open', stale },
    (at) => ({ typed: at.project }),
    (at) => [at.project],
  ),
  formAction(
    'app/projects/[name]/policy/change/actions.ts',
    'propose',
    byFreshOwners('policy.already-open'),
    () => ({ threshold: '1', ownerThreshold: '1', waitHours: '0' }),
    (at) => [at.project],
  ),
  formAction(
    policy,
    'handInForPolicy',
    { nobody, outside: 'person.may-not', maintainer: 'policy.moved-on' },
    noSignature,
    (at) => [at.project, at.openPolicy, noDigest],
  ),
  formAction(policy, 'withdrawChange', byFreshOwners('policy.not-open'), noFields, (at) => [at.project, 1]),
  formAction(
    declare,
    'prepareYank',
    byFreshOwners('declaration.no-release'),
    () => ({ reason: 'It breaks.' }),
    (at) => [at.project, '99.9', 'yank'],
  ),
  formAction(
    declare,
    'prepareStatus',
    byFreshOwners('declaration.changes-nothing'),
    () => ({ status: 'active', reason: 'It is as it was.' }),
    (at) => [at.project],
  ),
  formAction(
    declare,
    'handInForDeclaration',
    { nobody, outside: 'person.may-not', maintainer: 'declaration.not-found' },
    noSignature,
    (at) => [at.project, noDigest, '/'],
  ),
  formAction(
    declare,
    'drop',
    { nobody, outside: 'person.may-not', maintainer: 'declaration.not-found' },
    noFields,
    (at) => [at.project, noDigest, '/'],
  ),
  formAction(draft, 'handInForDraft', bySigners('signature.is-other'), noSignature, (at) => [at.draft, 1]),
  formAction('app/drafts/sign/actions.ts', 'handInOneOf', bySigners('signature.is-other'), noSignature, (at) => [
    at.draft,
    1,
  ]),
  formAction(
    'app/drafts/[id]/checks-actions.ts',
    'ignore',
    { ...bySigners('person.may-not'), owner: 'finding.not-found' },
    () => ({ code: 'wheel.executable', place: 'unknown', ignoreReason: 'meant so' }),
    (at) => [at.draft, 1],
  ),
  formAction(
    'app/drafts/[id]/checks-actions.ts',
    'regard',
    { ...bySigners('person.may-not'), owner: 'finding.not-found' },
    noFields,
    (at) => [at.draft, 'unknown'],
  ),
  formAction(draft, 'takeBack', bySigners('signature.not-found'), noFields, (at) => [at.draft, 'unknown']),
  formAction(
    draft,
    'removeFiles',
    bySigners('file.not-found'),
    () => ({ remove: 'unknown' }),
    (at) => [at.draft, 1],
  ),
  formAction(
    draft,
    'decline',
    bySigners('draft.moved-on'),
    () => ({ declineReason: 'Not on a Friday.' }),
    (at) => [at.draft, 99],
  ),
  formAction(
    talk,
    'comment',
    bySigners('draft.moved-on'),
    () => ({ comment: 'Why?' }),
    (at) => [at.draft, 99],
  ),
  formAction(talk, 'takeBackWritten', bySigners('comment.not-found'), noFields, (at) => [at.draft, 'unknown']),
  formAction(
    talk,
    'state',
    bySigners('draft.moved-on'),
    () => ({ digests: 'nothing', recipe: 'make' }),
    (at) => [at.draft, 99],
  ),
  formAction(talk, 'takeBackStated', bySigners('rebuild.not-found'), noFields, (at) => [at.draft, 'unknown']),
  // Who opened it may too; this one is an owner's.
  formAction(talk, 'renewAddress', { ...bySigners('person.may-not'), owner: 'done', stale: 'done' }, noFields, (at) => [
    at.draft,
  ]),
  // The second time there is none left.
  formAction(
    talk,
    'endAddress',
    { ...bySigners('person.may-not'), owner: 'done', stale: 'preview.none-live' },
    noFields,
    (at) => [at.draft],
  ),
  // Somebody declines this one, so there is nobody to remind.
  formAction(reminding, 'remind', bySigners('reminder.nobody'), noFields, (at) => [at.spareDraft]),
  formAction(
    reminding,
    'putOff',
    bySigners('input.not-a'),
    () => ({ wish: 'for ever' }),
    (at) => [at.draft],
  ),
  formAction(
    'app/projects/[name]/reminders/actions.ts',
    'setRules',
    { nobody, outside: 'person.may-not', owner: 'reminders.warned-at-once' },
    () => ({ firstAfterDays: '1', thenEveryDays: '1', atMost: '1', deadlineDays: '2', warnDaysBefore: '2' }),
    (at) => [at.project],
  ),
  formAction(
    draft,
    'lift',
    // Who declined may too; this one is another maintainer's. The second owner finds none.
    { ...bySigners('person.may-not'), owner: 'done', stale: 'decline.not-found' },
    noFields,
    (at) => [at.spareDraft, at.decline],
  ),
  formAction(
    draft,
    'withdraw',
    // Who opened it may too, but not any more when they are removed. The second owner comes too late.
    { ...bySigners('person.may-not'), owner: 'goes on', stale: 'draft.not-now' },
    (at) => ({ typed: at.spareVersion, withdrawReason: 'Built from the wrong branch.' }),
    (at) => [at.spareDraft, at.spareVersion],
  ),
];
