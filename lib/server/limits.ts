// Every number that bounds what a stranger can make the server do, in one place. Units stand at the end of each name.
// A limit is no setting: it is changed here, with its test.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const limits = {
  // Sign-in (threats.md 65, 66)
  signInLinkMs: 15 * minute,
  sessionMs: 30 * day,
  signInMailsPerAddress: 5,
  signInMailsPerClient: 20,
  signInWindowSeconds: 3600,
  signInConfirmationsPerClient: 60,
  // Change of address
  addressChangeMs: hour,
  addressChangesPerPerson: 5,
  // Passkeys: the question, its answer, how many an account has
  passkeyChallengeMs: 5 * minute,
  passkeyAnswerCharactersMax: 64 * 1024,
  passkeysPerPersonMax: 20,
  // Invitations, drafts, challenges
  invitationMs: 14 * day,
  invitationsPerPerson: 60,
  // Personal links: how long one lives at most, how long a browser that opened it may go on, what comes by it
  personalLinkMs: 30 * day,
  linkVisitMs: hour,
  uploadsPerLink: 60,
  // What people say of drafts, and programs that try them
  commentsPerDraftMax: 500,
  wordsPerPerson: 120,
  previewReadsPerClient: 6000,
  deadLinksPerClient: 600,
  policyDeadlineMs: 30 * day,
  keyChallengeMs: day,
  keyChallengeMailsPerPerson: 10,
  keyTokensPerPerson: 60,
  // Uploads
  uploadBytesMax: 2 * 1024 ** 3,
  filesPerDraftMax: 200,
  unpackedBytesMax: 8 * 1024 ** 3,
  inspectionMs: 2 * minute,
  // The child process that looks into them: how many at once, and what each may take; it ends when nothing comes
  inspectorsAtOnce: 2,
  inspectorHeapMegabytes: 384,
  inspectorMemoryMegabytes: 768,
  inspectorTurnMs: 3 * minute,
  inspectorRestMs: minute,
  // What is compared with the release before, and what is kept of a description
  comparisonMs: 20 * second,
  comparisonDetailsBytesMax: 64 * 1024 ** 2,
  descriptionCharactersMax: 60_000,
  signaturesPerUploadMax: 200,
  formFieldsMax: 300,
  // What twine and uv say of one file: a field for each classifier and dependency
  legacyFieldsMax: 5000,
  uploadTotalBytesMax: 4 * 1024 ** 3,
  // Of all files of a release, and of what a project has unpublished: files of open drafts, and uploads on their way
  releaseBytesMax: 8 * 1024 ** 3,
  unpublishedBytesPerProjectMax: 32 * 1024 ** 3,
  uploadsPerProjectMax: 400,
  // How long an upload is kept of which nothing comes, and a file in the store that nothing names
  uploadKeptMs: 3 * day,
  unnamedFilesKeptMs: day,
  signatureUploadBytesMax: 64 * 1024,
  certificateBytesMax: 256 * 1024,
  // Keys in and out: asking key servers, being asked as one
  keyServerMs: 10 * second,
  keyServersMax: 4,
  keyFetchesPerPerson: 60,
  keyLookupsPerClient: 6000,
  // Witnesses of the log: what one may send, how it is asked, how often its line is renewed
  cosignaturesPerClient: 600,
  cosignatureBytesMax: 64 * 1024,
  witnessMs: 10 * second,
  witnessPauseMs: minute,
  witnessAgainMs: 6 * hour,
  // Refusals that history keeps of one person within an hour; further ones leave no entry
  keptRefusalsPerPerson: 120,
  // Transactions
  transactionMs: 15 * second,
  transactionWaitMs: 15 * second,
  conflictAttemptsMax: 12,
  conflictPauseMsMax: 150,
  // Signatures that wait at the same time and are taken in one transaction
  signaturesTogetherMax: 100,
  // Mail
  // Files that twine and uv upload one by one: the mail that asks for signatures waits so long after each for the next
  moreFilesMs: 2 * minute,
  mailSwitchedOffPerPerson: 60,
  mailClaimMs: 10 * minute,
  mailBackOffMs: 30 * second,
  mailBackOffMsMax: 6 * hour,
  // RFC 5321 4.5.4.1: four to five days at least
  mailGiveUpMs: 5 * day,
  mailsAtOnce: 4,
  mailsPerPass: 200,
  // One send: how long a server may say nothing, and how long all of it may take (well below a claim)
  mailSilenceMs: 30 * second,
  mailSendMs: 3 * minute,
  // The text of what was sent, or given up
  mailTextKeptMs: 7 * day,
  failedMailTextKeptMs: 14 * day,
  // A timestamp of the countersigner that is older is told to whoever runs the instance (threats.md: renewed every 6 hours, ends after 24)
  freshnessAlarmMs: 12 * hour,
  // Ended links still say why they open nothing; then they are unknown
  endedLinksKeptMs: 90 * day,
  // What the countersigner posted, after it was put in place
  handbackBytesKeptMs: 30 * day,
  // How long owners are told of mail to their people that did not arrive
  mailTroubleMs: 30 * day,
  // Reminders: a draft is looked at when one is due, and at least this often
  remindLookMs: hour,
  // Webhooks: what an owner can make us send, how long a receiver may take, when it is tried again (in all for three days), what is kept
  webhooksPerProjectMax: 10,
  webhookTestsPerPerson: 60,
  webhookMs: 15 * second,
  webhookAnswerBytesMax: 2048,
  webhookAtOnce: 20,
  webhookClaimMs: 2 * minute,
  webhookRetriesMs: [
    ...[5 * second, 5 * minute, 30 * minute],
    ...[2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 20 * hour],
  ],
  webhookSecretOverlapMs: day,
  webhookKeptMs: 30 * day,
  // Uploads to another index: how long one may take, and a claim of it; what is read of an answer, and of a project page to compare
  elsewhereMs: hour,
  elsewhereClaimMs: hour + 10 * minute,
  elsewhereAnswerBytesMax: 64 * 1024,
  elsewherePageBytesMax: 16 * 1024 ** 2,
  elsewhereSendsPerPerson: 60,
  // Feeds, and tokens of programs
  feedEntriesMax: 50,
  feedReadsPerClient: 1200,
  projectTokensMax: 20,
  projectTokenMs: 365 * day,
  personTokensMax: 20,
  deadTokensPerClient: 600,
  requestsPerToken: 3600,
  // Requests with an idempotency key: how long the answer is kept, and after what time of silence its request counts as dead
  idempotencyMs: day,
  idempotencyClaimMs: 15 * minute,
  // Waiting for a draft: how long one request may hang, how often rows are looked at, how many may hang in one process
  statusWaitSecondsMax: 60,
  statusLookMs: 10 * second,
  statusWaitersMax: 200,
  statusReadsPerClient: 6000,
  // The countersigner's wait for something to do: how long one request may hang, how many may hang in one process
  handoffWaitSecondsMax: 60,
  handoffWaitersMax: 4,
  // Evidence bundles: how many are kept ready, how many are made at once, how often one client may ask
  evidenceKeptMax: 50,
  evidenceAtOnce: 4,
  evidencePerClient: 1200,
  // The file store in a bucket: tries and pauses (doubled each time) of one request, how long it may say nothing, what of an answer is read as text,
  // the parts of a large object (one is in memory for each upload), how much room copies of files may take on each machine
  storageTriesMax: 4,
  storagePauseMs: 100,
  storageSilenceMs: 30 * second,
  storageTextBytesMax: 4 * 1024 ** 2,
  storagePartBytes: 16 * 1024 ** 2,
  fileCopiesBytesMax: 20 * 1024 ** 3,
  // Jobs
  jobsPauseMs: 5 * second,
  jobsNoteMs: 30 * second,
  // Health: how long a check may take, for how long its answer is given again, and when mail is late
  readyCheckMs: 5 * second,
  readyFreshMs: 3 * second,
  mailLateMs: 15 * minute,
  // Open pages that hear of changes
  watchPauseMs: 400,
  streamsPerPerson: 12,
  streamsMax: 4000,
  streamMs: 15 * minute,
  streamBeatMs: 20 * second,
  // Drafts that are signed together
  draftsAtOnceMax: 20,
} as const;
