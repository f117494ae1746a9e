// One row a table that the database accepts: what tests/server/constraints.test.ts breaks in one place each.

export type Row = Record<string, unknown>;

export const at = '2026-11-22T09:00:00';
export const later = '2026-11-22T10:00:00';
export const hash = 'a'.repeat(64);
export const key = 'A'.repeat(40);
export const draft = '0123456789ab';
const bytes = Buffer.from([0]);
const message = `msg_${'0'.repeat(32)}`;
const madeByAda = { createdBy: 'ada', createdAt: at };

/** One acceptable row a table, in the order in which they can be inserted. */
export const rows: Record<string, Row> = {
  Instance: { id: 1, indexName: 'sign.example.org', createdAt: at },
  Person: { name: 'ada', createdAt: at },
  Address: { address: 'ada@example.org', personName: 'ada', verifiedAt: at, isPrimary: true },
  AddressChange: {
    ...{
      tokenHash: hash,
      personName: 'ada',
      address: 'ada@example.net',
      createdAt: at,
      expiresAt: later,
      openSlot: 'ada',
    },
  },
  SignInLink: { tokenHash: hash, address: 'ada@example.org', returnTo: '/', createdAt: at, expiresAt: later },
  Session: { tokenHash: hash, personName: 'ada', createdAt: at, expiresAt: later },
  Passkey: { id: 'A'.repeat(22), personName: 'ada', publicKey: bytes, counter: 0, name: 'telephone', createdAt: at },
  PasskeyChallenge: { hash, purpose: 'sign-in', createdAt: at, expiresAt: later },
  Key: { fingerprint: key, personName: 'ada', certificate: bytes, state: 'unproven', createdAt: at },
  SigningKey: { fingerprint: key, keyFingerprint: key },
  KeyNotice: { keyFingerprint: key, horizonDays: 30, endsAt: later, toldAt: at },
  KeyChallenge: { id: 'c1', keyFingerprint: key, personName: 'ada', phrase: bytes, createdAt: at, expiresAt: later },
  Project: { name: 'requests', createdBy: 'ada', createdAt: at },
  Membership: { projectName: 'requests', personName: 'ada', role: 'owner' },
  Policy: {
    id: 'p1',
    projectName: 'requests',
    version: 1,
    state: 'open',
    bytes: bytes,
    sha256: hash,
    threshold: 1,
    proposedBy: 'ada',
    proposedAt: at,
    openSlot: 'requests',
  },
  PolicySignature: {
    packetSha256: hash,
    policyId: 'p1',
    packet: bytes,
    personName: 'ada',
    key,
    issuer: key,
    made: at,
    received: at,
    via: 'web',
  },
  Invitation: {
    id: 'i1',
    projectName: 'requests',
    address: 'bo@example.org',
    role: 'maintainer',
    tokenHash: hash,
    invitedBy: 'ada',
    createdAt: at,
    expiresAt: later,
    openSlot: 'requests:bo@example.org',
  },
  Draft: {
    id: draft,
    projectName: 'requests',
    version: '1.0',
    versionKey: '1',
    state: 'draft',
    revision: 1,
    openedBy: 'ada',
    openedAt: at,
    deadline: later,
    versionSlot: 'requests@1',
  },
  Decline: {
    ...{ id: 'd1', draftId: draft, personName: 'ada', reason: 'a file is missing', revision: 1, declinedAt: at },
    standingSlot: `${draft}:ada`,
  },
  Declaration: {
    ...{ id: 'o1', projectName: 'requests', kind: 'status', number: 1, state: 'open', bytes, sha256: hash },
    ...{ proposedBy: 'ada', proposedAt: at, openSlot: 'status:requests' },
  },
  IgnoredFinding: {
    ...{ id: 'i1', draftId: draft, code: 'wheel.executable', place: 'demo/x', reason: 'meant so', revision: 1 },
    ...{ ignoredBy: 'ada', ignoredAt: at, standingSlot: `${draft}:wheel.executable:demo/x` },
  },
  Revision: { draftId: draft, number: 1, statement: bytes, sha256: hash, createdAt: at, createdBy: 'ada' },
  DraftFile: {
    id: 'f1',
    draftId: draft,
    name: 'requests-1.0.tar.gz',
    sha256: hash,
    size: 1,
    blake2b256: hash,
    kind: 'sdist',
    addedBy: 'ada',
    addedAt: at,
    since: 1,
    nameSlot: `${draft}:requests-1.0.tar.gz`,
  },
  FileUpload: {
    ...{ id: 'u'.repeat(43), personName: 'ada', projectName: 'requests', name: 'requests-1.0.tar.gz', size: 1 },
    ...{ sha256: hash, createdAt: at, expiresAt: later },
  },
  PublishedFile: {
    name: 'requests-1.0.tar.gz',
    projectName: 'requests',
    version: '1.0',
    sha256: hash,
    publishedAt: at,
  },
  Signature: {
    id: 's1',
    draftId: draft,
    revision: 1,
    subject: 'statement',
    packet: bytes,
    packetSha256: hash,
    personName: 'ada',
    key,
    issuer: key,
    made: at,
    received: at,
    via: 'web',
    countedSlot: `${draft}:statement:1:ada`,
  },
  ReleaseFate: { policyId: 'p1', draftId: draft, fate: 'ask' },
  ReminderRules: {
    ...{ projectName: 'requests', firstAfterDays: 2, thenEveryDays: 3, atMost: 5, deadlineDays: 30, warnDaysBefore: 3 },
    ...{ changedBy: 'ada', changedAt: at },
  },
  Reminder: { draftId: draft, personName: 'bo', kind: 'due', number: 1, createdAt: at, sentAt: at },
  DraftSilence: { draftId: draft, personName: 'bo', until: later, setAt: at },
  PersonalLink: {
    ...{ id: 'l1', tokenHash: hash, draftId: draft, personName: 'ada', revision: 1, createdAt: at, expiresAt: later },
  },
  Preview: { id: 'w1', tokenHash: hash, draftId: draft, revision: 1, madeBy: 'ada', madeAt: at, liveSlot: draft },
  Comment: { id: 'c1', draftId: draft, revision: 1, personName: 'ada', text: 'Why?', writtenAt: at },
  Rebuild: {
    ...{ id: 'b1', draftId: draft, revision: 1, personName: 'ada', recipe: 'make', statedAt: at },
    standingSlot: `${draft}:1:ada`,
  },
  RebuiltFile: { rebuildId: 'b1', name: 'requests-1.0.tar.gz', sha256: hash },
  FileComparison: {
    ...{ beforeSha256: 'nothing', afterSha256: hash, format: 1, madeAt: at, summary: '{}', details: bytes },
  },
  FileDescription: { sha256: hash, contentType: 'text/markdown', text: '# Demo', left: 0, madeAt: at },
  HistoryEntry: { at, actor: 'ada', kind: 'person.created', via: 'web', details: '{}' },
  Mail: {
    id: 'm1',
    toAddress: 'ada@example.org',
    event: 'x',
    subject: 'x',
    text: 'x',
    html: 'x',
    headers: '{}',
    messageId: '<m1@x>',
    createdAt: at,
    nextAt: at,
  },
  MailHours: { personName: 'ada', timeZone: 'UTC', quietFrom: 22, quietTo: 7, digestHour: 8 },
  MailChoice: { personName: 'ada', projectName: '*', topic: 'published', delivery: 'daily' },
  DigestItem: { id: 'i1', personName: 'ada', event: 'x', subject: 'x', createdAt: at },
  Webhook: {
    id: draft,
    projectName: 'requests',
    url: 'https://ci.example/x',
    events: '["draft.opened"]',
    ...madeByAda,
  },
  WebhookSecret: { id: 'w1', webhookId: draft, sha256: hash, ...madeByAda, currentSlot: draft },
  WebhookMessage: {
    ...{ id: message, webhookId: draft, event: 'draft.opened', body: '{}' },
    ...{ createdAt: at, startedAt: at, nextAt: at },
  },
  WebhookAttempt: { id: 'a1', messageId: message, at, ms: 12, headers: '{}', status: 204, response: '' },
  OtherIndex: {
    ...{ projectName: 'requests', url: 'https://elsewhere.example/legacy/', username: '__token__' },
    ...{ sealed: Buffer.alloc(40), setBy: 'ada', setAt: at },
  },
  OtherUpload: {
    ...{
      id: 'o1',
      projectName: 'requests',
      draftId: draft,
      fileName: 'x-1.0.tar.gz',
      url: 'https://elsewhere.example/',
    },
    ...{ state: 'waiting', createdAt: at, nextAt: at },
  },
  PersonFeed: { personName: 'ada', tokenHash: hash, createdAt: at },
  IdempotentRequest: {
    ...{ keyHash: hash, requestSha256: hash, state: 'running', claim: 'c1', claimedAt: at, createdAt: at },
  },
  ProjectToken: {
    ...{ id: 't1', projectName: 'requests', kind: 'status', name: 'CI', tokenHash: hash, madeBy: 'ada' },
    ...{ createdAt: at, expiresAt: later },
  },
  PersonToken: {
    ...{ id: 't1', personName: 'ada', projectName: null, name: 'laptop', scopes: '["queue"]', tokenHash: hash },
    ...{ createdAt: at, expiresAt: later },
  },
  Handback: { id: 'h1', sha256: hash, bytes: bytes, state: 'posted', postedAt: at },
  LogEntry: { index: 0, path: 'evidence/demo/policy/1.json', sha256: hash },
  Cosignature: { witness: 'witness.example/one', size: 1, line: '— witness.example/one AAAA', at },
  CountersignerContact: { id: 1, seenAt: at },
  JobStep: { name: 'deliver mail', ranAt: at, ms: 12, failedAt: null, fault: null },
  RateLimit: { key: `request-by-token:${hash}`, points: 1, expire: 1 },
};

/** What an invitation has more once it was accepted. */
export const accepted: Row = { acceptedAt: at, acceptedBy: 'bo', key, openSlot: null };

/** What a signature over a declaration adds to its row. */
export const signed: Row = { state: 'signed', packet: bytes, key, signedBy: 'ada', signedAt: at };
