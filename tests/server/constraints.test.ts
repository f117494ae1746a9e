// What carries security is a constraint in SQL: every CHECK and every slot is tried here with a row that code would never
// write. The list of CHECKs is compared with the database, so that none is added without a row.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Script } from '#lib/server/db/client.ts';
import { type Row, accepted, at, draft, hash, key, later, rows, signed } from '../support/acceptable-rows.ts';
import { openTestDatabase } from '../support/database.ts';

/** CHECK → what to change in the acceptable row so that only this CHECK (or a sister) is broken. */
const broken: Record<string, [table: string, ...changes: Row[]]> = {
  Instance_one_row: ['Instance', { id: 2 }],
  Instance_name_form: ['Instance', { indexName: 'Sign.Example.org' }, { indexName: 'x/y' }, { indexName: '' }],
  Person_name_form: [
    'Person',
    { name: 'Ada' },
    { name: 'a' },
    { name: '-ada' },
    { name: 'a--b' },
    { name: 'x'.repeat(40) },
    { name: 'ada\n' },
  ],
  Address_form: [
    'Address',
    { address: 'Ada@example.org' },
    { address: 'ada' },
    { address: 'a@b@c' },
    { address: 'a@b\nBcc: c' },
    { address: 'a＠b' },
  ],
  AddressChange_hash_form: ['AddressChange', { tokenHash: 'plain-token' }],
  AddressChange_form: [
    'AddressChange',
    { address: 'Ada@example.org' },
    { address: 'a@b\nBcc: c' },
    { address: 'a＠b' },
  ],
  AddressChange_ends: ['AddressChange', { expiresAt: at }],
  AddressChange_one_end: ['AddressChange', { openSlot: null, confirmedAt: at, droppedAt: at }],
  AddressChange_open_slot: ['AddressChange', { openSlot: 'bo' }, { confirmedAt: at }, { droppedAt: at }],
  SignInLink_hash_form: ['SignInLink', { tokenHash: 'plain-token' }],
  SignInLink_same_site: [
    'SignInLink',
    { returnTo: '//evil.example' },
    { returnTo: '/\\evil.example' },
    { returnTo: 'https://evil.example' },
    { returnTo: '' },
  ],
  SignInLink_ends: ['SignInLink', { expiresAt: at }],
  Session_hash_form: ['Session', { tokenHash: 'plain-token' }],
  Session_ends: ['Session', { expiresAt: at }],
  Session_fresh_within: ['Session', { freshUntil: '2026-11-22T10:00:01' }],
  Passkey_id_form: ['Passkey', { id: 'short' }, { id: `${'A'.repeat(22)}=` }],
  Passkey_counter: ['Passkey', { counter: -1 }, { counter: 2 ** 32 }],
  Passkey_name_form: ['Passkey', { name: '' }, { name: 'x'.repeat(61) }],
  PasskeyChallenge_hash_form: ['PasskeyChallenge', { hash: 'plain-token' }],
  PasskeyChallenge_purpose: ['PasskeyChallenge', { purpose: 'anything' }],
  PasskeyChallenge_register_whose: ['PasskeyChallenge', { purpose: 'register' }],
  PasskeyChallenge_ends: ['PasskeyChallenge', { expiresAt: at }],
  Key_fingerprint_form: ['Key', { fingerprint: key.toLowerCase() }, { fingerprint: 'A'.repeat(16) }],
  Key_state: ['Key', { state: 'trusted' }],
  Key_active_is_proven: ['Key', { state: 'active' }],
  Key_lost_since: ['Key', { state: 'lost' }, { lostAt: at }],
  KeyNotice_horizon: ['KeyNotice', { horizonDays: 15 }],
  SigningKey_fingerprint_form: ['SigningKey', { fingerprint: 'A'.repeat(16) }],
  KeyChallenge_ends: ['KeyChallenge', { expiresAt: at }],
  KeyChallenge_hash_form: ['KeyChallenge', { tokenHash: 'plain-token', sealed: 'x', mailedAt: at }],
  KeyChallenge_mailed_whole: ['KeyChallenge', { tokenHash: hash }, { sealed: 'x', mailedAt: at }, { mailedAt: at }],
  Project_name_form: [
    'Project',
    { name: 'Requests' },
    { name: 'a_b' },
    { name: 'a--b' },
    { name: '' },
    { name: 'x'.repeat(101) },
  ],
  Project_status: ['Project', { status: 'deprecated', statusReason: 'x' }],
  Project_status_has_reason: ['Project', { status: 'archived' }],
  Project_policy_number: ['Project', { policyInForce: 0 }],
  Membership_role: ['Membership', { role: 'admin' }],
  Policy_threshold: ['Policy', { threshold: 0 }],
  Policy_version: ['Policy', { version: 0 }],
  Policy_digest_form: ['Policy', { sha256: 'A'.repeat(64) }],
  Policy_state: ['Policy', { state: 'approved', openSlot: null }],
  Policy_expired_has_deadline: ['Policy', { state: 'expired', openSlot: null }],
  Policy_waits_after_first: ['Policy', { version: 1, waitsSince: at }],
  Policy_open_slot: ['Policy', { openSlot: null }, { openSlot: 'other' }, { state: 'withdrawn' }],
  Policy_chain_slot: [
    'Policy',
    { state: 'in-force', openSlot: null },
    { chainSlot: 'requests@1' },
    { state: 'superseded', openSlot: null, chainSlot: 'requests@2' },
  ],
  PolicySignature_digest_form: ['PolicySignature', { packetSha256: 'x' }],
  PolicySignature_key_form: ['PolicySignature', { key: 'A'.repeat(16) }, { issuer: 'A'.repeat(16) }],
  PersonalLink_hash_form: ['PersonalLink', { tokenHash: 'plain-token' }],
  PersonalLink_expires: ['PersonalLink', { expiresAt: at }],
  PersonalLink_counts: ['PersonalLink', { unverified: -1 }, { revision: 0 }],
  FileComparison_outcome: ['FileComparison', { failure: 'It took too long.' }, { summary: null }, { details: null }],
  FileComparison_digest_form: ['FileComparison', { beforeSha256: 'none' }, { afterSha256: 'nothing' }],
  FileDescription_digest_form: ['FileDescription', { sha256: 'nothing' }],
  FileDescription_left: ['FileDescription', { left: -1 }],
  Preview_hash_form: ['Preview', { tokenHash: 'plain-token' }],
  Preview_revision: ['Preview', { revision: 0 }],
  Preview_live_slot: ['Preview', { liveSlot: 'x' }, { liveSlot: null }, { endedAt: later }],
  Preview_ended_by: ['Preview', { endedBy: 'ada' }],
  Comment_revision: ['Comment', { revision: 0 }],
  Comment_text: ['Comment', { text: '' }, { text: 'x'.repeat(2001) }],
  Rebuild_revision: ['Rebuild', { revision: 0, standingSlot: `${draft}:0:ada` }],
  Rebuild_recipe: ['Rebuild', { recipe: '' }, { recipe: 'x'.repeat(2001) }],
  Rebuild_standing_slot: ['Rebuild', { standingSlot: 'x' }, { standingSlot: null }, { endedAt: later }],
  RebuiltFile_digest_form: ['RebuiltFile', { sha256: hash.toUpperCase() }],
  Invitation_hash_form: ['Invitation', { tokenHash: 'plain-token' }],
  Invitation_role: ['Invitation', { role: 'admin' }],
  Invitation_confirmed_whole: [
    'Invitation',
    { confirmedAt: at, confirmedBy: 'ada' },
    { ...accepted, confirmedAt: at },
    { ...accepted, key: null, confirmedAt: at, confirmedBy: 'ada' },
    { ...accepted, confirmedAt: at, confirmedBy: 'bo' },
  ],
  ReleaseFate_fate: ['ReleaseFate', { fate: 'forget' }],
  Invitation_accepted_whole: ['Invitation', { acceptedAt: at, openSlot: null }, { acceptedBy: 'bo', openSlot: null }],
  Invitation_open_slot: ['Invitation', { openSlot: 'x' }, { revokedAt: at }, { acceptedAt: at, acceptedBy: 'bo' }],
  Draft_id_form: ['Draft', { id: 'x' }],
  Draft_revision: ['Draft', { revision: 0 }],
  Draft_state: ['Draft', { state: 'done' }],
  Draft_published_whole: ['Draft', { state: 'published' }, { publishedAt: at }],
  Draft_below_is_published: ['Draft', { belowSince: at }],
  Draft_version_slot: ['Draft', { versionSlot: null }, { state: 'withdrawn' }, { versionSlot: 'other@1' }],
  Draft_withdrawn_whole: [
    'Draft',
    { state: 'withdrawn', versionSlot: null, withdrawnBy: 'ada' },
    { state: 'withdrawn', versionSlot: null, withdrawReason: 'x' },
  ],
  Draft_withdraw_reason_is_withdrawn: ['Draft', { withdrawnBy: 'ada', withdrawReason: 'x' }],
  Draft_yanked_is_published: ['Draft', { yankedReason: 'x' }],
  Draft_record_whole: [
    'Draft',
    { state: 'published', publishedAt: at, recordSerial: 1 },
    { state: 'published', publishedAt: at, recordSerial: 0, recordPolicy: 1 },
    { state: 'published', publishedAt: at, recordSerial: 1, recordPolicy: 0 },
  ],
  Draft_record_is_published: ['Draft', { recordSerial: 1, recordPolicy: 1 }],
  Draft_quarantine_whole: [
    'Draft',
    { state: 'quarantined', publishedAt: at },
    { state: 'quarantined', publishedAt: at, quarantinedAt: at },
    { state: 'published', publishedAt: at, quarantinedAt: at, quarantineReason: 'x' },
  ],
  IgnoredFinding_code_form: ['IgnoredFinding', { code: 'Not a code', standingSlot: `${draft}:Not a code:demo/x` }],
  IgnoredFinding_reason_form: ['IgnoredFinding', { reason: '' }, { reason: 'x'.repeat(501) }],
  IgnoredFinding_revision: ['IgnoredFinding', { revision: 0 }],
  IgnoredFinding_taken_back_whole: ['IgnoredFinding', { takenBackAt: at, standingSlot: null }, { takenBackBy: 'ada' }],
  IgnoredFinding_standing_slot: ['IgnoredFinding', { standingSlot: null }, { standingSlot: 'x' }],
  Decline_reason_form: ['Decline', { reason: '' }, { reason: 'x'.repeat(501) }],
  Decline_revision: ['Decline', { revision: 0 }],
  Decline_lifted_whole: ['Decline', { liftedAt: at, standingSlot: null }, { liftedBy: 'ada' }],
  Decline_standing_slot: ['Decline', { standingSlot: null }, { standingSlot: 'x' }, { liftedAt: at, liftedBy: 'ada' }],
  ReminderRules_days: [
    'ReminderRules',
    { firstAfterDays: 0 },
    { firstAfterDays: 61 },
    { thenEveryDays: 0 },
    { thenEveryDays: 61 },
  ],
  ReminderRules_at_most: ['ReminderRules', { atMost: -1 }, { atMost: 21 }],
  ReminderRules_deadline: ['ReminderRules', { deadlineDays: 181 }],
  ReminderRules_warning: ['ReminderRules', { warnDaysBefore: -1 }, { warnDaysBefore: 30 }],
  Reminder_kind: ['Reminder', { kind: 'once more' }],
  Reminder_number: ['Reminder', { number: 0 }, { number: 1001 }, { kind: 'deadline', number: 2 }],
  Reminder_asked_by: ['Reminder', { askedBy: 'ada' }, { kind: 'asked' }],
  Reminder_waits_asked: ['Reminder', { sentAt: null }],
  DraftSilence_until: ['DraftSilence', { until: at }],
  Mail_sent_or_failed: ['Mail', { sentAt: at, failedAt: at, failure: 'refused' }],
  Mail_failure: ['Mail', { failedAt: at }, { failure: 'refused' }, { failedAt: at, failure: 'lost' }],
  Mail_pruned_is_over: ['Mail', { prunedAt: at, text: '', html: '' }, { prunedAt: at, sentAt: at }],
  MailHours_quiet: ['MailHours', { quietTo: null }, { quietFrom: 24 }, { quietTo: -1 }, { quietTo: 22 }],
  MailHours_digest: ['MailHours', { digestHour: 24 }, { digestHour: -1 }],
  MailChoice_delivery: ['MailChoice', { delivery: 'weekly' }],
  Declaration_kind: [
    'Declaration',
    { kind: 'yank', openSlot: 'yank:requests' },
    { draftId: draft, openSlot: `status:${draft}` },
  ],
  Declaration_state: ['Declaration', { state: 'lost', openSlot: null }],
  Declaration_number: ['Declaration', { number: 0 }],
  Declaration_digest_form: ['Declaration', { sha256: 'x' }],
  Declaration_key_form: ['Declaration', { ...signed, key: 'A'.repeat(16) }],
  Declaration_signed_whole: ['Declaration', { key }, { ...signed, signedBy: null }],
  Declaration_state_signed: ['Declaration', { state: 'signed' }, { ...signed, state: 'open' }],
  Declaration_in_force_since: ['Declaration', { inForceAt: at }],
  Declaration_open_slot: ['Declaration', { openSlot: null }, { openSlot: 'x' }, { state: 'withdrawn' }],
  Declaration_chain_slot: [
    'Declaration',
    { chainSlot: 'status:requests#1' },
    { ...signed, state: 'in-force', openSlot: null, inForceAt: at },
    { ...signed, state: 'in-force', openSlot: null, inForceAt: at, chainSlot: 'status:requests#2' },
  ],
  Revision_number: ['Revision', { number: 0 }],
  Revision_digest_form: ['Revision', { sha256: 'x' }],
  DraftFile_name_form: [
    'DraftFile',
    { name: '../x', nameSlot: `${draft}:../x` },
    { name: '.x', nameSlot: `${draft}:.x` },
  ],
  DraftFile_digest_form: ['DraftFile', { sha256: 'x' }, { blake2b256: 'x' }, { metadataSha256: 'x' }],
  DraftFile_size: ['DraftFile', { size: -1 }],
  DraftFile_kind: ['DraftFile', { kind: 'egg' }],
  DraftFile_revisions: ['DraftFile', { since: 0 }, { since: 2, until: 1, nameSlot: null }],
  DraftFile_name_slot: ['DraftFile', { nameSlot: 'x' }],
  DraftFile_name_slot_current: ['DraftFile', { nameSlot: null }, { until: 1 }],
  FileUpload_id_form: ['FileUpload', { id: '../x' }, { id: 'u'.repeat(44) }],
  FileUpload_name_form: ['FileUpload', { name: '../x' }, { name: '' }, { name: 'a b.whl' }],
  FileUpload_size: ['FileUpload', { size: 0 }, { size: -1 }],
  FileUpload_digest_form: ['FileUpload', { sha256: 'x' }],
  FileUpload_ends: ['FileUpload', { expiresAt: at }],
  PublishedFile_digest_form: ['PublishedFile', { sha256: 'x' }],
  Signature_revision: ['Signature', { revision: 0, countedSlot: null }],
  Signature_record_serial: ['Signature', { recordSerial: 0 }],
  Signature_subject: [
    'Signature',
    { subject: 'comment', countedSlot: null },
    { fileSha256: hash, countedSlot: null },
    { subject: 'file', countedSlot: null },
  ],
  Signature_digest_form: ['Signature', { packetSha256: 'x' }],
  Signature_key_form: ['Signature', { key: 'A'.repeat(16) }, { issuer: 'A'.repeat(16) }],
  Signature_counted_slot: [
    'Signature',
    { countedSlot: 'x' },
    { takenBackAt: at },
    { countedSlot: `${draft}:statement:1:bo` },
    { countedSlot: `${draft}:statement:2:ada` },
  ],
  Mail_one_line: ['Mail', { subject: 'x\nBcc: y' }, { toAddress: 'a@b,c@d' }, { toAddress: 'a@b\r\nBcc: c@d' }],
  Mail_attempts: ['Mail', { attempts: -1 }],
  Mail_attachments_form: ['Mail', { attachments: '{}' }],
  Webhook_id_form: ['Webhook', { id: 'x' }],
  Webhook_address: [
    'Webhook',
    { url: 'ftp://ci.example/' },
    { url: 'https://ci.example/a b' },
    { url: 'https://ci.example/\r\nHost: x' },
    { url: `https://${'x'.repeat(2000)}` },
  ],
  Webhook_events: ['Webhook', { events: '[]' }, { events: '{}' }, { events: '"draft.opened"' }],
  Webhook_stopped_whole: ['Webhook', { stoppedAt: at }, { stoppedWhy: 'x' }],
  WebhookSecret_digest_form: ['WebhookSecret', { sha256: 'plain-secret' }],
  WebhookSecret_current_slot: ['WebhookSecret', { currentSlot: null }, { endsAt: later }, { currentSlot: 'x' }],
  WebhookMessage_id_form: ['WebhookMessage', { id: 'x' }],
  WebhookMessage_tries: ['WebhookMessage', { tries: -1 }],
  WebhookMessage_started: ['WebhookMessage', { createdAt: later }],
  WebhookMessage_one_end: ['WebhookMessage', { deliveredAt: at, givenUpAt: at }],
  WebhookAttempt_ms: ['WebhookAttempt', { ms: -1 }],
  WebhookAttempt_answer: [
    'WebhookAttempt',
    { status: null },
    { fault: 'x' },
    { response: null },
    { status: null, fault: 'x' },
  ],
  WebhookAttempt_short: ['WebhookAttempt', { response: 'x'.repeat(6145) }],
  OtherIndex_address: [
    'OtherIndex',
    { url: 'ftp://elsewhere.example/' },
    { url: `https://${'x'.repeat(2000)}` },
    { simple: 'file:///etc' },
  ],
  OtherIndex_sealed: ['OtherIndex', { sealed: Buffer.from('secret') }],
  OtherUpload_state: ['OtherUpload', { state: 'lost', endedAt: at }],
  OtherUpload_ended: ['OtherUpload', { endedAt: at }, { state: 'done' }, { state: 'done', endedAt: at, claimedAt: at }],
  OtherUpload_tries: ['OtherUpload', { tries: -1 }],
  OtherUpload_says: ['OtherUpload', { says: 'x'.repeat(1001) }],
  PersonFeed_hash_form: ['PersonFeed', { tokenHash: 'plain-token' }],
  IdempotentRequest_hash_form: ['IdempotentRequest', { keyHash: 'plain-key' }, { requestSha256: 'plain' }],
  IdempotentRequest_state: ['IdempotentRequest', { state: 'forgotten' }],
  IdempotentRequest_answer_whole: [
    'IdempotentRequest',
    { state: 'answered' },
    { status: 200, answer: '{}' },
    { state: 'answered', status: 200 },
  ],
  ProjectToken_kind: ['ProjectToken', { kind: 'everything' }],
  ProjectToken_name_form: ['ProjectToken', { name: '' }, { name: 'x'.repeat(61) }],
  ProjectToken_hash_form: ['ProjectToken', { tokenHash: 'plain-token' }],
  ProjectToken_ends: ['ProjectToken', { expiresAt: at }],
  ProjectToken_revoked_whole: ['ProjectToken', { revokedAt: at }, { revokedBy: 'ada' }],
  PersonToken_name_form: ['PersonToken', { name: '' }, { name: 'x'.repeat(61) }],
  PersonToken_scopes: ['PersonToken', { scopes: '[]' }, { scopes: '"queue"' }, { scopes: '["queue", "publish"]' }],
  PersonToken_hash_form: ['PersonToken', { tokenHash: 'plain-token' }],
  PersonToken_ends: ['PersonToken', { expiresAt: at }],
  Handback_digest_form: ['Handback', { sha256: 'x' }],
  Handback_state: ['Handback', { state: 'lost' }],
  LogEntry_index_from_zero: ['LogEntry', { index: -1 }],
  LogEntry_digest_form: ['LogEntry', { sha256: hash.toUpperCase() }],
  Cosignature_size: ['Cosignature', { size: 0 }],
  Cosignature_one_line: ['Cosignature', { line: 'AAAA' }, { line: '— one AAAA\n— two AAAA' }],
  CountersignerContact_one_row: ['CountersignerContact', { id: 2 }],
  JobStep_failure_whole: ['JobStep', { failedAt: at }, { fault: 'x' }],
  RateLimit_key_form: ['RateLimit', { key: 'request-by-token:192.0.2.1' }, { key: hash }],
  RateLimit_points: ['RateLimit', { points: 0 }],
};

/** Unique values: table and what the second row may differ in without being allowed. */
const taken: [guarantee: string, table: string, second: Row][] = [
  ['one open policy change a project', 'Policy', { id: 'p2', version: 2 }],
  ['one open draft of a version', 'Draft', { id: 'ba9876543210' }],
  ['one upload of a file by a person to a project', 'FileUpload', { id: 'v'.repeat(43) }],
  ['a file name once in a revision', 'DraftFile', { id: 'f2', sha256: 'b'.repeat(64) }],
  ['one counted signature a person, revision and subject', 'Signature', { id: 's2', packetSha256: 'b'.repeat(64) }],
  ['a packet once in a draft', 'Signature', { id: 's2', countedSlot: null }],
  ['a reminder once', 'Reminder', { sentAt: later }],
  ['a token of one personal link', 'PersonalLink', { id: 'l2', personName: 'ada' }],
  ['one preview a draft', 'Preview', { id: 'w2', tokenHash: 'b'.repeat(64) }],
  ['a token of one preview', 'Preview', { id: 'w2', liveSlot: null, endedAt: later }],
  ['one statement of a rebuild a person and revision', 'Rebuild', { id: 'b2' }],
  ['one digest a rebuilt file', 'RebuiltFile', { sha256: 'b'.repeat(64) }],
  ['one signature a person for a policy', 'PolicySignature', { packetSha256: 'b'.repeat(64) }],
  ['a signing-capable fingerprint once on the instance', 'SigningKey', {}],
  ['a key once', 'Key', { personName: 'ada' }],
  ['an address belongs to one person', 'Address', { isPrimary: false }],
  ['a published file name once', 'PublishedFile', { sha256: 'b'.repeat(64) }],
  ['one open invitation an address and project', 'Invitation', { id: 'i2', tokenHash: 'b'.repeat(64) }],
  ['an invitation token once', 'Invitation', { id: 'i2', openSlot: null }],
  ['a Message-ID once', 'Mail', { id: 'm2' }],
  ['a webhook has one newest secret', 'WebhookSecret', { id: 'w2' }],
  ['a message to a webhook once', 'WebhookMessage', { event: 'x' }],
  ['a file goes to another index once', 'OtherUpload', { id: 'o2' }],
  ['a person has one feed address', 'PersonFeed', { tokenHash: 'b'.repeat(64) }],
  ['a project token once', 'ProjectToken', { id: 't2' }],
  ['a personal token once', 'PersonToken', { id: 't2' }],
  ['a hand-back once', 'Handback', { id: 'h2' }],
  ['one role a person and project', 'Membership', { role: 'maintainer' }],
  ['one standing decline a person and draft', 'Decline', { id: 'd2' }],
  ['a finding ignored once', 'IgnoredFinding', { id: 'i2' }],
  ['one open declaration about the same thing', 'Declaration', { id: 'o2', sha256: 'b'.repeat(64), number: 2 }],
  ['a declaration once', 'Declaration', { id: 'o2', state: 'withdrawn', openSlot: null }],
  ['one statement a revision', 'Revision', { sha256: 'b'.repeat(64) }],
];

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const insert = (script: Script, table: string, row: Row): Promise<unknown> => {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  return script.rows(
    `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join()}) VALUES (${places.join()})`,
    Object.values(row),
  );
};

async function insertAllBefore(script: Script, table: string): Promise<void> {
  for (const name of Object.keys(rows)) {
    if (name === table) return;
    await insert(script, name, rows[name] ?? {});
  }
}

/** Runs in a transaction that is always rolled back; answers the fault of the work. */
async function faultOf(work: (script: Script) => Promise<unknown>): Promise<unknown> {
  const done = new Error('accepted');
  return database.script((script) => work(script).then(() => Promise.reject(done))).catch((fault: unknown) => fault);
}

const checks = Object.entries(broken).flatMap(([name, [table, ...changes]]) =>
  changes.map((row) => [name, table, row] as const),
);

describe('the database', () => {
  it('accepts the rows that the other tests of this file break', async () => {
    const fault = await faultOf(async (script) => {
      for (const [table, row] of Object.entries(rows)) await insert(script, table, row);
    });
    expect(fault).toMatchObject({ message: 'accepted' });
  });

  it('has no CHECK that is not tried here', async () => {
    const found = await database.script((script) =>
      script.rows(`SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`),
    );
    expect(found.map((row) => row.conname).sort()).toEqual(Object.keys(broken).sort());
  });

  it.each(checks)('%s refuses in %s: %j', async (name, table, row) => {
    const fault = await faultOf(async (script) => {
      await insertAllBefore(script, table);
      await insert(script, table, { ...rows[table], ...row });
    });
    expect(fault).toMatchObject({ code: '23514', constraint: name });
  });

  it.each(taken)('keeps: %s (%s)', async (_, table, second) => {
    const fault = await faultOf(async (script) => {
      await insertAllBefore(script, table);
      await insert(script, table, rows[table] ?? {});
      await insert(script, table, { ...rows[table], ...second });
    });
    expect(fault).toMatchObject({ code: '23505' });
  });

  it('keeps one document a version of a policy chain', async () => {
    const inForce = { ...rows.Policy, state: 'in-force', openSlot: null, chainSlot: 'requests@1' };
    const fault = await faultOf(async (script) => {
      await insertAllBefore(script, 'Policy');
      await insert(script, 'Policy', inForce);
      await insert(script, 'Policy', { ...inForce, id: 'p2', state: 'superseded' });
    });
    expect(fault).toMatchObject({ code: '23505' });
  });

  it.each(['UPDATE "HistoryEntry" SET actor = \'eve\'', 'DELETE FROM "HistoryEntry"', 'TRUNCATE "HistoryEntry"'])(
    'never changes history: %s',
    async (sql) => {
      const fault = await faultOf(async (script) => {
        await insert(script, 'HistoryEntry', rows.HistoryEntry ?? {});
        await script.run(sql);
      });
      expect(fault).toMatchObject({ message: 'history is only appended to' });
    },
  );

  it.each(['UPDATE "LogEntry" SET sha256 = sha256', 'DELETE FROM "LogEntry"', 'TRUNCATE "LogEntry"'])(
    'never changes the log: %s',
    async (sql) => {
      const fault = await faultOf(async (script) => {
        await insert(script, 'LogEntry', rows.LogEntry ?? {});
        await script.run(sql);
      });
      expect(fault).toMatchObject({ message: 'the log is only appended to' });
    },
  );
});
