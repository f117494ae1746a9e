// Every letter that the program can write, with everything hostile that can stand in it: free text of people carries markup, a second header, a
// direction mark and a line that looks like the end of a mail. tests/server/letters.test.ts sends them all by SMTP and keeps them as files.
import type { StatusDeclaration, Yank } from '#lib/core/declaration.ts';
import type { AccountName, DraftId, FileName, Fingerprint, IndexName, Instant, ProjectName } from '#lib/core/ids.ts';
import { readSha256, readVersion } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import type { MailAddress } from '#lib/server/mail/address.ts';
import {
  addressChangeAskedLetter,
  addressChangedLetter,
  confirmAddressLetter,
} from '#lib/server/mail/letters/address-change.ts';
import { chainProposedLetter } from '#lib/server/mail/letters/chain-proposed.ts';
import { chainWaitsLetter } from '#lib/server/mail/letters/chain-waits.ts';
import { dailyLetter } from '#lib/server/mail/letters/daily.ts';
import { declaredLetter } from '#lib/server/mail/letters/declared.ts';
import { declineLiftedLetter } from '#lib/server/mail/letters/decline-lifted.ts';
import { draftApprovedLetter } from '#lib/server/mail/letters/draft-approved.ts';
import { draftCommentedLetter } from '#lib/server/mail/letters/draft-commented.ts';
import { draftDeclinedLetter } from '#lib/server/mail/letters/draft-declined.ts';
import { draftEndedLetter } from '#lib/server/mail/letters/draft-ended.ts';
import { draftOpenedLetter } from '#lib/server/mail/letters/draft-opened.ts';
import { draftRebuiltOtherwiseLetter } from '#lib/server/mail/letters/draft-rebuilt-otherwise.ts';
import { draftReminderLetter } from '#lib/server/mail/letters/draft-reminder.ts';
import { draftRevisedLetter } from '#lib/server/mail/letters/draft-revised.ts';
import { draftWaitsLetter } from '#lib/server/mail/letters/draft-waits.ts';
import { invitationLetter } from '#lib/server/mail/letters/invitation.ts';
import { invitationAcceptedLetter } from '#lib/server/mail/letters/invitation-accepted.ts';
import { keyAddedLetter } from '#lib/server/mail/letters/key-added.ts';
import { keyChallengeLetter } from '#lib/server/mail/letters/key-challenge.ts';
import { keyEndedLetter } from '#lib/server/mail/letters/key-ended.ts';
import { keyExpiringLetter } from '#lib/server/mail/letters/key-expiring.ts';
import { passkeyLetter } from '#lib/server/mail/letters/passkey.ts';
import { policyEndedLetter } from '#lib/server/mail/letters/policy-ended.ts';
import { policyInForceLetter } from '#lib/server/mail/letters/policy-in-force.ts';
import { policyOpenedLetter } from '#lib/server/mail/letters/policy-opened.ts';
import { publishedLetter } from '#lib/server/mail/letters/published.ts';
import { publishedAgainLetter } from '#lib/server/mail/letters/published-again.ts';
import { quarantinedLetter } from '#lib/server/mail/letters/quarantined.ts';
import { elsewhereChangedLetter } from '#lib/server/mail/letters/elsewhere-changed.ts';
import { elsewhereFailedLetter } from '#lib/server/mail/letters/elsewhere-failed.ts';
import { sessionStartedLetter } from '#lib/server/mail/letters/session-started.ts';
import { signInLetter } from '#lib/server/mail/letters/sign-in.ts';
import { tokenMadeLetter } from '#lib/server/mail/letters/token-made.ts';
import { youAreInLetter } from '#lib/server/mail/letters/you-are-in.ts';
import { youAreOutLetter } from '#lib/server/mail/letters/you-are-out.ts';

/** What stands in every field that people fill in freely. */
export const hostile =
  '<img src="https://evil.example/x.png" onerror="alert(1)"> &amp; \'quoted\'\r\nBcc: eve@evil.example\r\n\r\n-- \r\nYou get this mail because \u202egnp.exe\u200b\0 http://evil.example/sign';

const [ada, bo, chi] = ['ada', 'bo', 'chi'] as AccountName[] as [AccountName, AccountName, AccountName];
const project = 'sunrise' as ProjectName;
const version = readVersion('1.2.0rc1');
const draft = '6f2c9d1e4b7a' as DraftId;
const revision = 3;
const token = 'T0kEn_T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-T0kEn43';
const at = new Date('2026-11-22T09:00:00Z');
const soon = new Date('2026-11-22T09:15:00Z');
const deadline = new Date('2026-12-21T12:00:00Z');
const sha = (digit: string) => readSha256(digit.repeat(64));
const keyOf = (digit: string) => digit.repeat(40) as Fingerprint;
const file = (name: string, size: number, digit: string) => ({ name: name as FileName, size, sha256: sha(digit) });
const files = [
  file('sunrise-1.2.0rc1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', 64_000, '7'),
  file('sunrise-1.2.0rc1.tar.gz', 1_290_000, '0'),
];
const statement = { sha256: sha('3'), size: 412 };
const release = { project, version, draft };

const policy: Policy = {
  ...{ type: 'countersign/policy', format: 1, project, version: 3, previous: sha('1'), threshold: 2 },
  ...{ ownerThreshold: 1, openerCounts: true, waitHours: 24, fileSignatures: false },
  people: [
    { name: ada, role: 'owner', keys: [keyOf('A')] },
    { name: bo, role: 'maintainer', keys: [keyOf('B')] },
  ],
  ...{ retired: [], struck: [], date: '2026-11-22T09:00:00Z' as Instant },
};
const changes = [
  'A release needs the signatures of 2 of 2 people. Before: needs the signatures of 2 of 3 people.',
  `chi is struck: nothing that they signed counts. Reason: ${hostile} Before: is a maintainer with ${keyOf('C')}.`,
];
const struck = { name: chi, keys: [keyOf('C')], since: null, reason: hostile };

const common = { format: 1 as const, index: 'sign.example.org' as IndexName, project, number: 1, policy: 3 };
const said = { reason: hostile, date: '2026-11-22T09:00:00Z' as Instant };
const yank: Yank = { type: 'countersign/yank', ...common, version, action: 'yank', ...said };
const status: StatusDeclaration = { type: 'countersign/status', ...common, status: 'archived', ...said };

const published = {
  ...release,
  serial: 1,
  logIndex: 41,
  statementSha256: statement.sha256,
  files,
  signedBy: [ada, bo],
};
const sealed = `-----BEGIN PGP MESSAGE-----\n\nwV4D${'x'.repeat(60)}\n=AbCd\n-----END PGP MESSAGE-----\n`;
const newAddress = 'ada@new.example' as MailAddress;
const oldAddress = 'ada@example.org' as MailAddress;
const verdict = { met: false, missing: 1, couldStillSign: [ada, chi] };

const ways = { link: `https://sign.example.org/d/${token}`, keys: [keyOf('A'), keyOf('D')] };
const reminder = {
  ...{ ...release, revision, openedBy: ada, openedAt: at, now: new Date('2026-11-24T09:00:00Z'), deadline },
  ...{ statement, files, signedSoFar: [ada], required: 2, missing: 1, couldStillSign: [bo, chi], heldBack: null },
};

/** File name of the golden mail → the letter. A letter that differs by its reader or its occasion stands here in each of its forms. */
export const letterCases: Record<string, () => Letter> = {
  'sign-in': () => signInLetter({ token, expiresAt: soon }),
  'session.started-mail': () => sessionStartedLetter({ person: ada, at, way: 'mail', client: '192.0.2.1' }),
  'session.started-passkey': () => sessionStartedLetter({ person: ada, at, way: 'passkey', client: '2001:db8::1' }),
  'passkey.added': () => passkeyLetter({ person: ada, name: hostile, at, what: 'added' }),
  'passkey.removed': () => passkeyLetter({ person: ada, name: hostile, at, what: 'removed' }),
  'token.made': () =>
    tokenMadeLetter({
      ...{ person: ada, name: hostile, scopes: ['queue', 'sign'], project: null, of: 'person', reader: ada, at },
      expiresAt: deadline,
    }),
  'token.made-owner': () =>
    tokenMadeLetter({
      ...{ person: bo, name: 'release job', scopes: ['status', 'upload'], project, of: 'project', reader: ada, at },
      expiresAt: deadline,
    }),
  'elsewhere.changed': () => elsewhereChangedLetter({ project, host: 'index.example.org', by: bo, at, what: 'set' }),
  'elsewhere.changed-removed': () =>
    elsewhereChangedLetter({ project, host: 'index.example.org', by: bo, at, what: 'removed' }),
  'elsewhere.failed': () =>
    elsewhereFailedLetter({
      project,
      version,
      file: 'sunrise-1.2.0rc1.tar.gz',
      host: 'index.example.org',
      says: hostile,
    }),
  'address.confirm': () => confirmAddressLetter({ person: ada, token, expiresAt: soon }),
  'address.change-asked': () => addressChangeAskedLetter({ person: ada, address: newAddress, at }),
  'address.changed': () => addressChangedLetter({ person: ada, before: oldAddress, address: newAddress, at }),
  'key.challenge': () => keyChallengeLetter({ person: ada, key: keyOf('A'), sealed, expiresAt: deadline }),
  'key.added': () => keyAddedLetter({ person: ada, key: keyOf('A'), at, reader: ada, projects: [project] }),
  'key.added-owner': () => keyAddedLetter({ person: bo, key: keyOf('B'), at, reader: ada, projects: [project] }),
  'key.lost': () => keyEndedLetter({ person: bo, key: keyOf('B'), at, end: 'lost', projects: [project], reader: ada }),
  'key.revoked': () => keyEndedLetter({ person: bo, key: keyOf('B'), at, end: 'hard', projects: [], reader: bo }),
  'key.expiring': () =>
    keyExpiringLetter({ person: bo, key: keyOf('B'), endsAt: deadline, days: 29, projects: [project], reader: bo }),
  'key.expiring-owner': () =>
    keyExpiringLetter({ person: bo, key: keyOf('B'), endsAt: deadline, days: 1, projects: [project], reader: ada }),
  invitation: () => invitationLetter({ project, invitedBy: ada, role: 'owner', token, expiresAt: deadline }),
  'invitation.accepted': () =>
    invitationAcceptedLetter({ project, role: 'maintainer', acceptedBy: bo, key: keyOf('B') }),
  'policy.opened': () =>
    policyOpenedLetter({
      ...{ project, version: 3, proposedBy: ada, threshold: 2, people: [ada, bo], changes },
      document: { sha256: sha('3'), size: 900 },
    }),
  'policy.in-force': () => policyInForceLetter({ policy, sha256: sha('3'), signers: [ada, bo], changes }),
  'policy.in-force-you-are-in': () =>
    youAreInLetter({ project, role: 'maintainer', before: null, policy: 3, threshold: 2 }),
  'policy.in-force-retired': () => youAreOutLetter({ project, policy: 3, signers: [ada, bo], struck: null }),
  'policy.in-force-struck': () => youAreOutLetter({ project, policy: 3, signers: [ada, bo], struck }),
  'role.changed': () => youAreInLetter({ project, role: 'owner', before: 'maintainer', policy: 3, threshold: 1 }),
  'policy.withdrawn': () => policyEndedLetter({ project, version: 3, end: { by: ada }, signedBy: [bo] }),
  'policy.expired': () => policyEndedLetter({ project, version: 3, end: 'deadline', signedBy: [] }),
  'chain.proposed': () =>
    chainProposedLetter({ project, version: 4, proposedBy: ada, threshold: 2, people: [ada, bo], sha256: sha('4') }),
  'chain.waits': () => chainWaitsLetter({ project, version: 4, sha256: sha('4') }),
  'draft.opened': () =>
    draftOpenedLetter({
      ...{ ...release, revision, openedBy: ada, statement, files, signedSoFar: [ada], required: 2, deadline, ways },
      findings: {
        counts: '1 warning, 1 note',
        lines: [`warning: ${hostile} (sunrise.pth)`, 'note: There is no description. (PKG-INFO)'],
      },
      since: {
        version: readVersion('1.1.0'),
        changes: [
          { weight: 'note', say: 'There is no longer an sdist.' },
          { weight: 'look', say: `The summary is “${hostile}”; it was “x”.` },
        ],
      },
    }),
  'draft.revised': () =>
    draftRevisedLetter({
      ...{ ...release, revision, changedBy: ada, statement, files, deadline, ways, since: null },
      findings: { counts: null, lines: [] },
      changes: ['replaced sunrise-1.2.0rc1.tar.gz', 'removed sunrise-1.2.0rc1-py3-none-any.whl'],
    }),
  'mail.digest': () =>
    dailyLetter({
      person: bo,
      groups: [
        {
          project,
          things: [
            { says: `[${project}] ${hostile}`, link: 'https://sign.example.org/drafts/6f2c9d1e4b7a', isAsking: false },
            { says: '[sunrise] 1.3 needs your signature', link: 'https://sign.example.org/d/token', isAsking: true },
          ],
        },
        { project: null, things: [{ says: 'Something else', link: 'https://sign.example.org/', isAsking: false }] },
      ],
    }),
  'draft.reminder': () => draftReminderLetter({ ...reminder, kind: 'due', askedBy: null, ways }),
  'draft.reminder-asked': () => draftReminderLetter({ ...reminder, kind: 'asked', askedBy: ada, ways }),
  'draft.ends-soon': () =>
    draftReminderLetter({
      ...{ ...reminder, kind: 'deadline', askedBy: null, now: new Date('2026-12-18T12:00:00Z'), ways: null },
      ...{ missing: 0, couldStillSign: [], heldBack: `bo declined it: ${hostile}` },
    }),
  'draft.declined': () => draftDeclinedLetter({ ...release, revision, by: bo, reason: hostile }),
  'decline.lifted': () => declineLiftedLetter({ ...release, by: ada, declinedBy: bo, stillHeldBack: null }),
  'draft.commented': () =>
    draftCommentedLetter({ ...release, revision: 2, newest: revision, by: bo, text: `Why?\n\n${hostile}` }),
  'draft.rebuilt-otherwise': () =>
    draftRebuiltOtherwiseLetter({
      ...{ ...release, revision, by: bo, recipe: `make dist\n${hostile}` },
      outcome: 'rebuilt all 2 files and got another digest for sunrise-1.2.0rc1.tar.gz, and the same for 1 of them',
      files: [{ name: 'sunrise-1.2.0rc1.tar.gz' as FileName, sha256: sha('d'), expected: sha('e') }],
    }),
  'draft.waits': () => draftWaitsLetter({ ...release, signedBy: [ada, bo], until: deadline }),
  'draft.approved': () => draftApprovedLetter({ ...release, revision, signedBy: [ada, bo], required: 2 }),
  'draft.withdrawn': () =>
    draftEndedLetter({ ...release, end: { by: ada, reason: hostile }, signedBy: [ada], required: 2 }),
  'draft.expired': () => draftEndedLetter({ ...release, end: 'deadline', signedBy: [], required: 2 }),
  'release.published': () => publishedLetter(published),
  'release.published-again': () => publishedAgainLetter({ ...published, serial: 3 }),
  'release.quarantined': () => quarantinedLetter({ ...release, reason: hostile, verdict, isAsked: true }),
  'release.quarantined-not-asked': () => quarantinedLetter({ ...release, reason: hostile, verdict, isAsked: false }),
  'release.yanked': () => declaredLetter({ declaration: yank, by: ada, draft }),
  'release.unyanked': () => declaredLetter({ declaration: { ...yank, action: 'unyank' }, by: ada, draft }),
  'project.status-changed': () => declaredLetter({ declaration: status, by: null, draft: null }),
};
