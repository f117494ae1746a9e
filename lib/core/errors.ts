// The one register of refusals: for each code its kind and the sentence for people (what happened, what to do next).
// A signature that does not count is a finding (verdict.ts), not an error. A code is never renamed once released.
// Sentences may carry hostile text (file names, user ids): whoever shows them escapes for its own medium.

export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'refused'
  | 'needs-answer'
  | 'too-many'
  | 'unavailable'
  | 'internal';

/** Kind → HTTP status. */
export const httpStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  refused: 422,
  'needs-answer': 422,
  'too-many': 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<RefusalKind, number>;

/** Kind → exit code of the command line. */
export const exitCode = {
  invalid: 2,
  unauthenticated: 2,
  forbidden: 2,
  'not-found': 2,
  conflict: 2,
  'too-large': 2,
  refused: 1,
  'needs-answer': 4,
  'too-many': 3,
  unavailable: 3,
  internal: 70,
} as const satisfies Record<RefusalKind, number>;

// prettier-ignore
export const register = {
  'input.not-a': { kind: 'invalid', say: (d: { what: string; claimed: string }) => `“${d.claimed}” is not ${d.what}.` },
  'input.missing': { kind: 'invalid', say: (d: { field: string }) => `Please fill in: ${d.field}.` },
  'input.not-confirmed': { kind: 'invalid', say: (d: { expected: string }) => `Nothing was changed. To go on, type ${d.expected} exactly as it stands there.` },
  'input.not-json': { kind: 'invalid', say: (d: { what: string }) => `This is not ${d.what} in its one accepted spelling.` },
  'statement.malformed': { kind: 'invalid', say: (d: { why: string }) => `This is not a release statement: ${d.why}. Download it again and do not edit it.` },
  'policy.malformed': { kind: 'invalid', say: (d: { why: string }) => `This is not a policy of a project: ${d.why}.` },
  'policy.breaks-chain': { kind: 'refused', say: (d: { why: string }) => `This policy does not follow the one before it: ${d.why}.` },
  'record.malformed': { kind: 'invalid', say: (d: { why: string }) => `This is not a release record: ${d.why}.` },
  'draft.not-now': { kind: 'conflict', say: (d: { state: string; step: string }) => `The draft is ${d.state}; that cannot be done to it any more. Load the page again to see where it stands.` },
  'person.sign-in-first': { kind: 'unauthenticated', say: (_: Record<never, never>) => 'Please sign in first; you come back to this place.' },
  'person.may-not': { kind: 'forbidden', say: (d: { project: string; role: string }) => `This needs more than you are in ${d.project} (${d.role}). An owner of the project can do it or give you the role.` },
  'config.unreadable': { kind: 'invalid', say: (d: { problems: string[] }) => `The settings cannot be used: ${d.problems.join('; ')}.` },
  'config.other-index-name': { kind: 'conflict', say: (d: { kept: string; given: string }) => `This instance was started as “${d.kept}” and keeps that name: every signature binds it. The settings say “${d.given}”; set INDEX_NAME=${d.kept}, or start with another data folder.` },
  'database.held': { kind: 'conflict', say: (d: { folder: string; pid: number; startedAt: string }) => `The database in ${d.folder} is already open in process ${d.pid}, started ${d.startedAt}. Stop that process first, or use another data folder.` },
  'database.held-by-silent': { kind: 'conflict', say: (d: { folder: string }) => `The database in ${d.folder} is already open in another process, which does not answer. Stop that process first, or use another data folder.` },
  'database.folder-path-too-long': { kind: 'invalid', say: (d: { folder: string }) => `The path of the data folder ${d.folder} is too long for a lock. Set DATA_DIR to a shorter one.` },
  'database.other-version': { kind: 'refused', say: (d: { folder: string; found: string; needed: string }) => `The database in ${d.folder} was made by PostgreSQL ${d.found}; this program reads ${d.needed}. Start the version that made it, export the data and import it here.` },
  'database.migration-changed': { kind: 'refused', say: (d: { name: string }) => `The migration ${d.name} was applied to the database with other content than it has in this program. Start the version that matches the database.` },
  'database.migration-missing': { kind: 'refused', say: (d: { name: string }) => `The database already has the migration ${d.name}, which this program does not know: it is older than the database. Start the newer version.` },
  'database.busy': { kind: 'unavailable', say: (_: Record<never, never>) => 'Many people changed the same thing at once, and nothing was changed here. Please try again.' },
  'request.foreign-origin': { kind: 'forbidden', say: (d: { publicUrl: string }) => `This did not come from a page of this site, so nothing was changed. Open ${d.publicUrl} and try again there.` },
  'distribution.project-name': { kind: 'invalid', say: (d: { claimed: string }) => `“${d.claimed}” is not a valid project name. Use letters, digits, “-”, “_” and “.”, with a letter or digit at both ends.` },
  'distribution.version': { kind: 'invalid', say: (d: { claimed: string }) => `“${d.claimed}” is not a version as PEP 440 defines it. Use one such as 1.2.0 or 2.0rc1.` },
  'distribution.local-version': { kind: 'refused', say: (d: { claimed: string }) => `“${d.claimed}” is a local version (with “+”), which an index does not publish. Build again without the local part.` },
  'distribution.requires-python': { kind: 'refused', say: (d: { claimed: string }) => `Requires-Python “${d.claimed}” is not a valid list of specifiers. Use one such as >=3.10.` },
  'distribution.file-name': { kind: 'refused', say: (d: { name: string; why: string }) => `“${d.name}” is not a file name of a wheel or sdist: ${d.why}. Build with a current tool and do not rename what it made.` },
  'distribution.mismatch': { kind: 'refused', say: (d: { what: string; inFileName: string; inside: string }) => `The ${d.what} in the file name is “${d.inFileName}”, inside the file it is “${d.inside}”. Build again; do not rename files.` },
  'distribution.bad-archive': { kind: 'refused', say: (d: { why: string }) => `The archive cannot be read: ${d.why}. Build or copy it again.` },
  'distribution.bad-path': { kind: 'refused', say: (d: { path: string; why: string }) => `The archive holds “${d.path}”: ${d.why}.` },
  'distribution.duplicate-path': { kind: 'refused', say: (d: { path: string }) => `The archive holds “${d.path}” more than once, so tools may disagree about its content.` },
  'distribution.ambiguous-archive': { kind: 'refused', say: (d: { where: string; why: string }) => `Tools could read this archive differently (${d.where}): ${d.why}. Build it again with a current tool.` },
  'distribution.polyglot': { kind: 'refused', say: (d: { why: string }) => `The file is more than the one archive it claims to be: ${d.why}.` },
  'distribution.encrypted': { kind: 'refused', say: (d: { path: string }) => `“${d.path}” in the archive is encrypted.` },
  'distribution.compression': { kind: 'refused', say: (d: { path: string }) => `“${d.path}” in the archive uses a compression other than deflate.` },
  'distribution.checksum': { kind: 'refused', say: (d: { where: string }) => `The checksum of “${d.where}” does not fit its content. Build or copy the file again.` },
  'distribution.special-file': { kind: 'refused', say: (d: { path: string; type: string }) => `The archive holds “${d.path}”, which is a ${d.type}. Only files, folders and (in sdists) safe links are accepted.` },
  'distribution.unsafe-link': { kind: 'refused', say: (d: { path: string; target: string; why: string }) => `The link “${d.path}” to “${d.target}” is not accepted: ${d.why}.` },
  'distribution.layout': { kind: 'refused', say: (d: { why: string }) => `The archive is not laid out as its kind demands: ${d.why}.` },
  'distribution.missing': { kind: 'refused', say: (d: { path: string }) => `The archive has no ${d.path}. Build it again with a current tool.` },
  'distribution.metadata': { kind: 'refused', say: (d: { why: string }) => `The metadata cannot be accepted: ${d.why}.` },
  'distribution.record': { kind: 'refused', say: (d: { path: string; why: string }) => `RECORD does not fit the wheel at “${d.path}”: ${d.why}. Build the wheel again.` },
  'distribution.too-large': { kind: 'too-large', say: (d: { what: string; most: string }) => `The ${d.what} is above the limit of ${d.most}.` },
  'distribution.bomb': { kind: 'refused', say: (d: { times: number }) => `Unpacked, the archive would be more than ${d.times} times its size.` },
  'distribution.too-slow': { kind: 'refused', say: (d: { seconds: number }) => `Looking through the archive took more than ${d.seconds} seconds, so it was given up.` },
  'upload.too-large': { kind: 'too-large', say: (d: { bytesMax: number }) => `This is larger than the ${d.bytesMax} bytes that are accepted here. Nothing was kept.` },
  'upload.digest-differs': { kind: 'invalid', say: (d: { claimed: string; received: string }) => `The bytes that arrived have SHA-256 ${d.received}, not the announced ${d.claimed}. Nothing was kept; please send the file again.` },
  'upload.broken-off': { kind: 'invalid', say: (_: Record<never, never>) => 'The upload broke off before its end. Nothing was kept; please send the file again.' },
  'address.not-one-mailbox': { kind: 'invalid', say: (d: { claimed: string }) => `“${d.claimed}” is not one plain mail address (like ada@example.org).` },
  'signing.not-what-is-shown': { kind: 'refused', say: (d: { what: string }) => `Nothing was signed: the ${d.what} in the bytes to be signed is not what this page shows. Load the page again and compare; if it stays so, do not sign here.` },
  'signing.document-changed': { kind: 'conflict', say: (_: Record<never, never>) => 'Nothing was signed: what is to be signed has changed since you opened this page. Load it again and read the new one first.' },
  'signing.newer-revision': { kind: 'conflict', say: (d: { shown: number; newest: number }) => `Nothing was signed: this page shows revision ${d.shown}, and revision ${d.newest} exists. Load the page again and look again.` },
  'signing.needs-https': { kind: 'refused', say: (_: Record<never, never>) => 'Browsers sign only on pages that came over https (or from this machine). Use GnuPG or Sequoia, which is shown beside it.' },
  'signing.no-server': { kind: 'unavailable', say: (_: Record<never, never>) => 'Nothing was signed: the server could not be asked for its time. Check your connection and press the button again.' },
  'signing.foreign-key': { kind: 'refused', say: (d: { key: string; expected: string[] }) => `That is the key ${d.key}. Here one of these counts for you: ${d.expected.join(', ')}. Choose that key, or register this one first.` },
  'signing.failed': { kind: 'internal', say: (d: { why: string }) => `Signing in the browser did not work: ${d.why}. Nothing was sent. Load the page again, or use GnuPG or Sequoia.` },
  'check.failed': { kind: 'unavailable', say: (d: { name: string }) => `${d.name} could not be read to its end, so nothing was compared. Check your connection, or choose the file again.` },
  'check.differs': { kind: 'refused', say: (d: { name: string }) => `Nothing was signed: what the server gave as ${d.name} is not the file that the statement binds. Check the files above, and ask whoever opened the draft.` },
  'device.not-here': { kind: 'refused', say: (_: Record<never, never>) => 'This browser cannot make such a key (it has no Ed25519, or the page did not come over https). Nothing was made. Use a newer browser, or a key of another kind.' },
  'device.no-storage': { kind: 'refused', say: (_: Record<never, never>) => 'This browser keeps nothing for this site (a private window, or its storage is off or full), so a key of its own would be lost at once. Nothing was registered.' },
  'upload.private-key': { kind: 'refused', say: (d: { name: string }) => `${d.name} holds a private key. It was not sent: it must never leave your machine. If you ever sent it somewhere else, revoke it.` },
  'page.malformed': { kind: 'invalid', say: (d: { why: string }) => `This is not a project page of the simple API: ${d.why}.` },
  'evidence.malformed': { kind: 'invalid', say: (d: { why: string }) => `This evidence cannot be read: ${d.why}.` },
  'evidence.missing': { kind: 'refused', say: (d: { what: string }) => `The evidence lacks ${d.what}, so nothing can be decided from it.` },
  'evidence.policy-not-signed': { kind: 'refused', say: (d: { project: string; version: number; missing: number }) => `Policy ${d.version} of ${d.project} lacks ${d.missing} of the signatures that it needs. Until they are there the policy before it stays in force.` },
  'evidence.new-chain': { kind: 'refused', say: (d: { project: string; version: number; sha256: string }) => `Policy ${d.version} of ${d.project} begins a new chain: it was not signed by the people of the policy before it. Whoever keeps the countersigner must confirm it there first, with “accept-chain ${d.project} ${d.sha256}”` },
  'evidence.policy-rewritten': { kind: 'refused', say: (d: { project: string; version: number }) => `Policy ${d.version} of ${d.project} is not the one that was accepted before. A policy is never replaced, only followed.` },
  'evidence.policy-went-back': { kind: 'refused', say: (d: { project: string; known: number; given: number }) => `${d.project} comes with policy ${d.given}, but policy ${d.known} was accepted before. Going back is refused.` },
  'evidence.other-release': { kind: 'refused', say: (d: { what: string; expected: string; found: string }) => `The ${d.what} is “${d.found}”, expected was “${d.expected}”.` },
  'evidence.not-countersigned': { kind: 'refused', say: (d: { what: string; why: string }) => `${d.what} is not countersigned by the index: ${d.why}` },
  'evidence.record-differs': { kind: 'refused', say: (d: { what: string }) => `The countersigned record does not fit the evidence: ${d.what}.` },
  'release.below-threshold': { kind: 'refused', say: (d: { project: string; version: string; counted: number; required: number }) => `${d.project} ${d.version} has ${d.counted} of ${d.required} needed people behind every file.` },
  'release.waiting': { kind: 'refused', say: (d: { until: string }) => `The waiting time that the policy asks for runs until ${d.until}.` },
  'release.declined': { kind: 'refused', say: (d: { project: string; version: string; by: readonly string[] }) => `${d.project} ${d.version} is declined by ${d.by.join(', ')}: it is not published while that stands. Whoever declined or an owner can lift it.` },
  'project.not-active': { kind: 'refused', say: (d: { project: string; status: string }) => `${d.project} is ${d.status}: it takes no files and publishes nothing. An owner can declare it active again.` },
  'release.version-published': { kind: 'refused', say: (d: { project: string; version: string }) => `${d.project} ${d.version} is published already, from another draft. A version is published once.` },
  'release.name-taken': { kind: 'refused', say: (d: { name: string }) => `A file named ${d.name} was published before with other content. A name never carries other bytes.` },
  'release.file-differs': { kind: 'refused', say: (d: { name: string; why: string }) => `${d.name} is not the file that the statement names: ${d.why}.` },
  'handback.malformed': { kind: 'invalid', say: (d: { why: string }) => `This is not what the countersigner posts back: ${d.why}.` },
  'handback.not-signed': { kind: 'refused', say: (d: { why: string }) => `What was posted back is not signed by the index key: ${d.why}. Nothing was taken over.` },
  'handback.foreign-path': { kind: 'refused', say: (d: { path: string }) => `“${d.path}” is no place in the index tree that may be written. Nothing was taken over.` },
  'handback.out-of-order': { kind: 'conflict', say: (d: { expected: number; given: number }) => `Hand-back ${d.given} does not follow; expected is ${d.expected}. Nothing was taken over.` },
  'handoff.wrong-token': { kind: 'unauthenticated', say: (_: Record<never, never>) => 'This address is for the countersigner, which shows its hand-over token (HANDOFF_TOKEN).' },
  'handoff.no-such': { kind: 'not-found', say: (d: { what: string }) => `There is no ${d.what} to hand over.` },
  'handoff.no-index-key': { kind: 'unavailable', say: (d: { file: string }) => `The certificate of the countersigner is not at ${d.file}. Run “countersigner init”, or set INDEX_KEY_FILE.` },
  'countersigner.settings': { kind: 'invalid', say: (d: { why: string }) => `The countersigner cannot start: ${d.why}.` },
  'countersigner.no-key': { kind: 'invalid', say: (d: { folder: string }) => `There is no index key in ${d.folder}. Run “countersigner init” once.` },
  'countersigner.loose-mode': { kind: 'refused', say: (d: { path: string; mode: string }) => `${d.path} can be read by others (mode ${d.mode}), so it may not hold the index key. Set it to be readable by its owner alone, and think about who may have read it.` },
  'countersigner.held': { kind: 'conflict', say: (d: { folder: string; pid: number }) => `The state in ${d.folder} is in use by process ${d.pid}. Two countersigners on one state would contradict each other; stop that one first.` },
  'countersigner.other-index': { kind: 'refused', say: (d: { kept: string; given: string }) => `This countersigner signs for “${d.kept}”; the web program says “${d.given}”. Nothing was signed.` },
  'countersigner.went-back': { kind: 'refused', say: (d: { own: number; web: number }) => `The state here ends at hand-back ${d.own}, but the web program holds ${d.web}: an older state was restored. Nothing is signed from it; bring back the newest state.` },
  'countersigner.web-away': { kind: 'unavailable', say: (d: { url: string; why: string }) => `The web program at ${d.url} cannot be asked (${d.why}). It will be tried again.` },
  'verify.no-such-release': { kind: 'not-found', say: (d: { project: string; version: string; index: string }) => `${d.index} has no release ${d.project} ${d.version}.` },
  'verify.unreachable': { kind: 'unavailable', say: (d: { url: string; why: string }) => `${d.url} could not be fetched (${d.why}), so nothing could be checked.` },
  'verify.other-index-key': { kind: 'refused', say: (d: { expected: string; found: string }) => `The index signs with key ${d.found}; you asked for ${d.expected}.` },
  'project.not-found': { kind: 'not-found', say: (d: { claimed: string }) => `There is no project “${d.claimed}” here. Check the spelling, or ask its owners for an invitation.` },
  'project.name-taken': { kind: 'conflict', say: (d: { project: string }) => `The name ${d.project} is taken (names that differ only in case, “-”, “_” and “.” are one). Choose another.` },
  'project.no-policy': { kind: 'conflict', say: (d: { project: string }) => `${d.project} has no policy in force yet: its founder must sign policy 1 first.` },
  'policy.not-found': { kind: 'not-found', say: (d: { project: string; version: number }) => `${d.project} has no policy ${d.version} that you can see.` },
  'policy.already-open': { kind: 'conflict', say: (d: { project: string; version: number }) => `Policy ${d.version} of ${d.project} is waiting for signatures. Sign or withdraw it first: one change at a time.` },
  'policy.not-open': { kind: 'conflict', say: (d: { version: number; state: string }) => `Policy ${d.version} is ${d.state}; it takes no signatures any more. Load the page again.` },
  'policy.moved-on': { kind: 'conflict', say: (d: { version: number }) => `Policy ${d.version} is not the document that you looked at: look again, then sign.` },
  'policy.not-stuck': { kind: 'refused', say: (d: { project: string; version: number }) => `Enough people of policy ${d.version} of ${d.project} can still sign to change it. A new chain is only for a project that cannot change its policy any more.` },
  'policy.not-a-key-of': { kind: 'invalid', say: (d: { project: string; key: string }) => `Key ${d.key} is no key that could be added to or retired from ${d.project}. Load the page again and choose anew.` },
  'policy.not-a-person-of': { kind: 'invalid', say: (d: { name: string; project: string }) => `${d.name} is not one of the people of ${d.project}. Load the page again and choose anew.` },
  'policy.last-owner': { kind: 'refused', say: (d: { name: string; project: string }) => `Without ${d.name} nobody would own ${d.project}. Make somebody else an owner first, or add another key of theirs in the same change.` },
  'policy.too-few-owners': { kind: 'refused', say: (d: { owners: number; required: number; project: string }) => `A policy change of ${d.project} would need ${d.required} owners, but it would have ${d.owners}. Ask for fewer, or make somebody an owner.` },
  'policy.already-struck': { kind: 'conflict', say: (d: { name: string; project: string }) => `All keys of ${d.name} are struck in ${d.project} already, at least as far back.` },
  'policy.since-ahead': { kind: 'invalid', say: (d: { name: string }) => `The moment from which ${d.name}’s signatures are void lies ahead. Choose one that is past.` },
  'policy.reason-missing': { kind: 'invalid', say: (d: { name: string }) => `Say why ${d.name} is struck: the reason stands in the policy, which everybody can read.` },
  'policy.changes-nothing': { kind: 'invalid', say: (_: Record<never, never>) => 'This proposal would change nothing. Change a number or choose somebody to add.' },
  'policy.key-of-nobody': { kind: 'not-found', say: (d: { key: string }) => `Key ${d.key} belongs to nobody who is in the project. Its owner adds and proves it first; load the page again then.` },
  'policy.first-stays': { kind: 'conflict', say: (_: Record<never, never>) => 'The first policy of a project cannot be withdrawn. Sign it; everything in it can be changed by the next one.' },
  'invitation.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'This invitation is not open: it was used, revoked or has expired. Ask whoever invited you for a new one.' },
  'invitation.other-account': { kind: 'forbidden', say: (d: { address: string }) => `This invitation is for ${d.address}. Sign in with that address to accept it.` },
  'invitation.key-differs': { kind: 'refused', say: (d: { name: string; groups: number[] }) => `Nothing was confirmed: that is not the fingerprint with which ${d.name} accepted (${d.groups.length === 0 ? 'it is of another kind of key' : `it differs in group ${d.groups.join(', ')}`}). Find out which one is theirs; if it is not the one shown here, revoke the invitation.` },
  'invitation.not-confirmed': { kind: 'refused', say: (d: { name: string }) => `Nobody has confirmed yet that the key is ${d.name}’s. Compare its fingerprint with what they gave you elsewhere first.` },
  'invitation.key-struck': { kind: 'refused', say: (d: { key: string; project: string }) => `Key ${d.key} was struck in ${d.project}: nothing by it counts there any more. Accept with another key.` },
  'invitation.in-open-policy': { kind: 'conflict', say: (d: { name: string; version: number }) => `Policy ${d.version}, which waits for signatures, names ${d.name}. Withdraw it first, then revoke the invitation.` },
  'invitation.already-open': { kind: 'conflict', say: (d: { address: string }) => `${d.address} is invited already. Revoke that invitation first to send another.` },
  'invitation.already-in': { kind: 'conflict', say: (d: { name: string }) => `${d.name} is in the project already.` },
  'invitation.not-accepted': { kind: 'conflict', say: (_: Record<never, never>) => 'Somebody you chose has not accepted, or is not invited any more. Load the page again.' },
  'key.is-private': { kind: 'refused', say: (_: Record<never, never>) => 'That is a private key. Never give it to anybody: it was not stored. If it was sent over a network, revoke it and make a new one. What belongs here is the public key: gpg --armor --export YOUR-FINGERPRINT.' },
  'key.is-signature': { kind: 'invalid', say: (_: Record<never, never>) => 'That is a signature, not a public key. Export the key with gpg --armor --export YOUR-FINGERPRINT.' },
  'key.is-revocation': { kind: 'invalid', say: (_: Record<never, never>) => 'That is a revocation certificate alone, without the key. Hand it in on the page of the key that it revokes.' },
  'key.is-other': { kind: 'invalid', say: (d: { looksLike: string }) => `This is not an OpenPGP public key; it looks like ${d.looksLike}. Export the key with gpg --armor --export YOUR-FINGERPRINT.` },
  'key.utf-16': { kind: 'invalid', say: (_: Record<never, never>) => 'This file is text in UTF-16, which PowerShell writes behind “>”. Export again with gpg --armor --output key.asc --export YOUR-FINGERPRINT.' },
  'key.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'This public key is damaged or incomplete. Export it again with gpg --armor --export YOUR-FINGERPRINT and copy the whole block.' },
  'key.several': { kind: 'invalid', say: (d: { keys: string[] }) => `This file holds ${d.keys.length} keys (${d.keys.slice(0, 5).join(', ')}). Export the one that you mean: gpg --armor --export FINGERPRINT.` },
  'key.too-large': { kind: 'too-large', say: (d: { bytes: number; most: number }) => `This key has ${d.bytes} bytes; ${d.most} are the most. Export it without foreign signatures and pictures: gpg --armor --export-options export-minimal --export YOUR-FINGERPRINT.` },
  'key.too-complex': { kind: 'too-large', say: (d: { most: number }) => `This key carries more than ${d.most} signatures of its own. Export it with gpg --armor --export-options export-minimal --export YOUR-FINGERPRINT.` },
  'key.weak': { kind: 'refused', say: (d: { why: string }) => `This key is too weak to be believed: ${d.why}. Make a new one (Ed25519, or RSA with 3072 bits and more).` },
  'key.no-self-signature': { kind: 'refused', say: (_: Record<never, never>) => 'Nothing in this key is vouched for by the key itself, so it says nothing about itself. Export it again with its user ids.' },
  'key.expired': { kind: 'refused', say: (d: { key: string; at: number }) => `Key ${d.key} expired on ${new Date(d.at).toISOString().slice(0, 10)}. Extend it (gpg --quick-set-expire), export it again and upload that.` },
  'key.revoked': { kind: 'refused', say: (d: { key: string; at: number; reason: string }) => `Key ${d.key} was revoked on ${new Date(d.at).toISOString().slice(0, 10)} (${d.reason}). Register your current key instead.` },
  'key.not-yet-valid': { kind: 'refused', say: (d: { key: string; from: number }) => `Key ${d.key} says that it is made on ${new Date(d.from).toISOString().slice(0, 16)} UTC, which is in the future. Check the clock of the machine on which you made it.` },
  'key.cannot-sign': { kind: 'refused', say: (d: { key: string }) => `Key ${d.key} cannot sign files: it has no signing key that is flagged for signing and properly bound (an encryption-only key, perhaps). Add a signing subkey and upload it again.` },
  'key.merge-other': { kind: 'conflict', say: (d: { known: string; given: string }) => `That is key ${d.given}, not a newer copy of ${d.known}. Add it as a key of its own.` },
  'private-key.is-other': { kind: 'invalid', say: (d: { looksLike: string }) => `This is not a private key; it looks like ${d.looksLike}. Export yours with gpg --armor --export-secret-keys YOUR-FINGERPRINT.` },
  'private-key.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'This private key is damaged or of a kind that cannot be read here. Sign with GnuPG or Sequoia, as shown beside it.' },
  'private-key.wrong-passphrase': { kind: 'refused', say: (_: Record<never, never>) => 'The passphrase does not open this key. Nothing was sent; try again.' },
  'private-key.needs-passphrase': { kind: 'refused', say: (_: Record<never, never>) => 'This key is protected: enter its passphrase.' },
  'private-key.elsewhere': { kind: 'refused', say: (d: { key: string }) => `This file holds no secret part of a signing key of ${d.key} (it lies on a smart card, or was left out of the export). Sign with GnuPG or Sequoia, as shown beside it.` },
  'private-key.no-primary': { kind: 'refused', say: (d: { key: string }) => `This file holds no secret part of the primary key of ${d.key}, and only that can revoke the key. Use the revocation certificate that you saved, or gpg --gen-revoke where the primary key is.` },
  'made-key.short-passphrase': { kind: 'invalid', say: (d: { least: number }) => `No key was made: the passphrase needs ${d.least} characters at least. Four or five unrelated words are easy to keep in mind.` },
  'made-key.bad-name': { kind: 'invalid', say: (_: Record<never, never>) => 'No key was made: the name in a key may have letters, digits, spaces, points, hyphens and apostrophes, 80 at most, and begins with a letter or digit.' },
  'made-key.bad-end': { kind: 'invalid', say: (_: Record<never, never>) => 'No key was made: choose when it expires.' },
  'made-key.other-passphrase': { kind: 'invalid', say: (_: Record<never, never>) => 'No key was made: the passphrase was not typed the same twice. Type both again.' },
  'stored-key.no-room': { kind: 'unavailable', say: (_: Record<never, never>) => 'This browser does not keep data for this page (a private window, or its settings). Choose “only the backup file”, and pick that file when you sign.' },
  'private-key.cannot-sign': { kind: 'refused', say: (d: { why: string }) => `Nothing was signed: ${d.why}` },
  'key.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'You have no such key here. Add it first.' },
  'key.not-active': { kind: 'conflict', say: (d: { key: string; why: string }) => `Key ${d.key} cannot be used: ${d.why}` },
  'key.of-another': { kind: 'conflict', say: (_: Record<never, never>) => 'This key, or one of its signing subkeys, belongs to another account here. A key is one person’s: use your own, or sign in with the other account.' },
  'key.revocation-fits-none': { kind: 'refused', say: (_: Record<never, never>) => 'This revocation was made by none of your keys here, or it was changed: nothing is revoked. Add the key that it belongs to first, or choose the other file.' },
  'key.revocation-of-another': { kind: 'refused', say: (d: { expected: string; made: string }) => `This revokes key ${d.made}, not ${d.expected}: nothing is revoked. Open the page of that key.` },
  'key.already-lost': { kind: 'conflict', say: (d: { key: string }) => `Key ${d.key} is lost already; nothing to do.` },
  'key.already-proven': { kind: 'conflict', say: (d: { key: string }) => `Key ${d.key} is proven already; nothing to do.` },
  'key.no-challenge': { kind: 'not-found', say: (_: Record<never, never>) => 'No phrase is waiting for this key, or it has expired. Ask for a new one.' },
  'key.cannot-decrypt': { kind: 'refused', say: (d: { key: string }) => `Key ${d.key} only signs: it has no subkey to which a message could be encrypted now, so none was sent. Prove it by signing the phrase instead, in the browser or with GnuPG or Sequoia.` },
  'key.token-unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'There is no token in this text. Paste everything that opening the message printed, or follow the link in it.' },
  'key.token-sealed': { kind: 'invalid', say: (_: Record<never, never>) => 'That is the message as it was mailed, still closed. Open it first, with gpg --decrypt countersign-challenge.asc or on this page, and paste what that prints.' },
  'key.token-unusable': { kind: 'refused', say: (_: Record<never, never>) => 'This message was used already, has expired, was replaced by a newer one, or is for another key. Have a new one sent from the page of the key.' },
  'key.token-of-another': { kind: 'forbidden', say: (_: Record<never, never>) => 'This message was sent to another account. Sign in with the account that it names, then open its link again.' },
  'challenge.not-ours': { kind: 'refused', say: (d: { what: string }) => `The message was opened, but it is no challenge for this key of yours (${d.what}). Nothing of it was sent. Take the newest message that you were sent for this key.` },
  'challenge.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'This is not a whole encrypted message. Take the file countersign-challenge.asc from the mail, or copy the block from BEGIN to END.' },
  'challenge.not-for-this-key': { kind: 'refused', say: (_: Record<never, never>) => 'The private key that you chose does not open this message. Choose the key to which it was sent.' },
  'key.not-proven': { kind: 'refused', say: (d: { why: string }) => `The key is not proven: ${d.why}` },
  'key.no-servers': { kind: 'not-found', say: (_: Record<never, never>) => 'This instance asks no key servers. Upload the public key, or paste it.' },
  'key.server-wrong-answer': { kind: 'refused', say: (d: { server: string; asked: string; answered: string }) => `The key server ${d.server} was asked for the key ${d.asked} and answered with something else: ${d.answered}. Nothing was stored. Upload the public key yourself, or paste it.` },
  'key.server-has-none': { kind: 'not-found', say: (d: { key: string; servers: string[] }) => `No key ${d.key} is on ${d.servers.join(', ')}. Compare the fingerprint, or upload the public key yourself.` },
  'key.server-unreachable': { kind: 'unavailable', say: (d: { key: string; faults: string[] }) => `Key ${d.key} could not be fetched (${d.faults.join('; ')}). Try again later, or upload the public key yourself.` },
  'request.too-many': { kind: 'too-many', say: (d: { minutes: number }) => `That was asked too often from here. Please wait ${d.minutes} minutes and try again.` },
  'draft.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'There is no such draft, or you are not one of its people. Sign in with the account that was mailed.' },
  'draft.already-open': { kind: 'conflict', say: (d: { version: string; path: string }) => `A draft of version ${d.version} is open already (${d.path}). Add or replace files there.` },
  'draft.moved-on': { kind: 'conflict', say: (d: { revision: number }) => `Revision ${d.revision} exists: look again before you go on.` },
  'draft.no-files': { kind: 'invalid', say: (_: Record<never, never>) => 'A release needs at least one wheel or sdist. To drop everything, withdraw the draft.' },
  'draft.nothing-changed': { kind: 'invalid', say: (_: Record<never, never>) => 'These are the files that the draft has already; nothing was changed.' },
  'draft.too-many-files': { kind: 'too-large', say: (d: { most: number }) => `A release holds at most ${d.most} files.` },
  'draft.other-project': { kind: 'refused', say: (d: { name: string; found: string; project: string }) => `“${d.name}” is of the project ${d.found}, not of ${d.project}.` },
  'draft.already-declined': { kind: 'conflict', say: (_: Record<never, never>) => 'You have declined this draft already, and your reason stands. Lift it first, then decline again.' },
  'decline.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'There is no such decline on this draft, or it was lifted already. Load the page again.' },
  'draft.other-version': { kind: 'refused', say: (d: { name: string; found: string; version: string }) => `“${d.name}” is version ${d.found}, the draft is of ${d.version}. One draft is one version.` },
  'draft.same-name-twice': { kind: 'invalid', say: (d: { name: string }) => `“${d.name}” came twice. Send each file once.` },
  'release.already-published': { kind: 'conflict', say: (d: { project: string; version: string }) => `${d.project} ${d.version} is published, and a published version takes no further files. Release a new version.` },
  'file.name-taken': { kind: 'refused', say: (d: { name: string }) => `“${d.name}” was published with other content; a name never carries other bytes. Release a new version.` },
  'file.not-found': { kind: 'not-found', say: (d: { name: string }) => `The draft has no file “${d.name}”.` },
  'signature.is-public-key': { kind: 'invalid', say: (_: Record<never, never>) => 'That is a public key, not a signature. Do you want to register it? Then add it on the page of your keys.' },
  'signature.is-private-key': { kind: 'refused', say: (_: Record<never, never>) => 'That is a private key. Never give it to anybody: it was not stored. If it was sent over a network, revoke it and make a new one.' },
  'signature.is-revocation': { kind: 'refused', say: (_: Record<never, never>) => 'That is a revocation certificate, not a signature over a file. Nothing was revoked by it here.' },
  'signature.is-clearsigned': { kind: 'invalid', say: (_: Record<never, never>) => 'That is a clear-signed message. Make a detached signature instead: gpg --armor --detach-sign FILE.' },
  'signature.is-inline': { kind: 'invalid', say: (_: Record<never, never>) => 'That is a message with its content inside (gpg --sign). Make a detached signature instead: gpg --armor --detach-sign FILE.' },
  'signature.is-other': { kind: 'invalid', say: (d: { looksLike: string }) => `This is not an OpenPGP signature; it looks like ${d.looksLike}. Make one with gpg --armor --detach-sign FILE.` },
  'signature.utf-16': { kind: 'invalid', say: (_: Record<never, never>) => 'This file is text in UTF-16, which PowerShell writes behind “>”. Sign again with gpg --armor --output FILE.asc --detach-sign FILE.' },
  'signature.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'This signature file is damaged or incomplete. Upload the file as gpg wrote it, or copy the whole block from BEGIN to END.' },
  'signature.too-large': { kind: 'too-large', say: (d: { bytes: number; most: number }) => `A signature file has at most ${d.most} bytes; this one has ${d.bytes}. Upload only the .asc or .sig file.` },
  'signature.too-many': { kind: 'too-large', say: (d: { most: number }) => `This file holds more than ${d.most} signatures. Upload your own only.` },
  'signature.no-such-packet': { kind: 'not-found', say: (_: Record<never, never>) => 'There is no such signature here, or it is not for you.' },
  'signature.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'You have no such signature on this draft, or it was taken back already.' },
  'upload.nothing': { kind: 'invalid', say: (_: Record<never, never>) => 'Nothing came. Choose files and send them again.' },
  'upload.malformed': { kind: 'invalid', say: (d: { why: string }) => `The upload cannot be read: ${d.why}. Load the page again and send the files once more.` },
  'sign-in.link-unusable': { kind: 'refused', say: (_: Record<never, never>) => 'This sign-in link was used already, or it is older than 15 minutes. Ask for a new one.' },
  'sign-in.name-needed': { kind: 'invalid', say: (_: Record<never, never>) => 'This address is new here. Please choose an account name.' },
  'sign-in.too-many': { kind: 'too-many', say: (d: { minutes: number }) => `Too many tries to sign in. Please wait ${d.minutes} minutes and try again; a link that you have still works.` },
  'person.name-taken': { kind: 'conflict', say: (d: { name: string }) => `The account name ${d.name} is taken. Please choose another one.` },
  'fingerprint.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'That is no fingerprint. Paste the whole of it: 40 or 64 hex digits; spaces and colons do no harm.' },
  'fingerprint.too-short': { kind: 'refused', say: (d: { digits: number }) => `That has ${d.digits} digits, which is a shortened key id. Anybody can make a key with the same one, so it names none here. Ask for the full fingerprint (gpg --fingerprint shows it).` },
  'fingerprint.not-full': { kind: 'invalid', say: (d: { digits: number }) => `That has ${d.digits} hex digits; a full fingerprint has 40 or 64. Copy it once more, from the first digit to the last.` },
  'fingerprint.wrong-words': { kind: 'invalid', say: (_: Record<never, never>) => 'These words are no fingerprint: one of them was heard wrongly or is missing. Let them be read once more, or compare the hex digits.' },
  'session.not-fresh': { kind: 'forbidden', say: (d: { minutes: number }) => `Nothing was changed: this needs a sign-in or a passkey check that is less than ${d.minutes} minutes old. Confirm that it is you, then press the button again; what you typed stays here.` },
  'passkey.no-name': { kind: 'unavailable', say: (d: { publicUrl: string }) => `Passkeys work at an https address with a name (or at localhost); this instance is reached at ${d.publicUrl}. Sign in by mail.` },
  'passkey.unreadable': { kind: 'invalid', say: (_: Record<never, never>) => 'What the browser sent is no answer of a passkey. Load the page again and try once more.' },
  'passkey.challenge-unusable': { kind: 'refused', say: (_: Record<never, never>) => 'This question to your passkey was answered already, is older than five minutes, or was asked of somebody else. Press the button again.' },
  'passkey.not-confirmed': { kind: 'refused', say: (_: Record<never, never>) => 'The answer of the passkey does not hold: it is not for this site, or not by the passkey that is registered here. Nothing was changed. Try again, or sign in by mail.' },
  'passkey.copied': { kind: 'refused', say: (_: Record<never, never>) => 'This passkey counts its uses, and it went back: there may be a copy of it. Nothing was changed. Sign in by mail and remove it.' },
  'passkey.unknown': { kind: 'refused', say: (_: Record<never, never>) => 'This passkey is not registered here (any more). Sign in by mail; under “Passkeys” you can add it.' },
  'passkey.of-another': { kind: 'refused', say: (_: Record<never, never>) => 'That passkey belongs to another account. Use one of your own, or sign out first.' },
  'passkey.already-here': { kind: 'conflict', say: (_: Record<never, never>) => 'This passkey is registered already; nothing to do.' },
  'passkey.too-many': { kind: 'refused', say: (d: { most: number }) => `An account has at most ${d.most} passkeys. Remove one that you no longer use.` },
  'passkey.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'You have no such passkey; perhaps it was removed already.' },
  'history.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'There is no such entry here, or it is not for you. Entries are never deleted: look at the number in the address.' },
  'mailbox.not-found': { kind: 'not-found', say: (_: Record<never, never>) => 'There is no mailbox at this address. The program prints its address when it starts.' },
  'internal': { kind: 'internal', say: (d: { reference: string }) => `Something went wrong on our side. Nothing was changed. Please quote ${d.reference}.` },
} as const satisfies Record<string, { kind: RefusalKind; say: (details: never) => string }>;

export type RefusalCode = keyof typeof register;
export type RefusalDetails<C extends RefusalCode> = Parameters<(typeof register)[C]['say']>[0];

// Next bundles its own copy of this module, so `instanceof` would miss half: the brand decides.
const refusalBrand = Symbol.for('countersign.refusal');

/** A wish that is refused: typed code and details, a sentence for people. */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  readonly [refusalBrand] = true;
  readonly code: C;
  readonly details: RefusalDetails<C>;
  constructor(code: C, details: RefusalDetails<C>, cause?: unknown) {
    super((register[code].say as (d: unknown) => string)(details), cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
  get kind(): RefusalKind {
    return register[this.code].kind;
  }
}

/** Makes the refusal; the caller throws it, so that control flow stays visible. */
export function refuse<C extends RefusalCode>(code: C, details: RefusalDetails<C>, cause?: unknown): Refusal<C> {
  return new Refusal(code, details, cause);
}

/** True for a refusal from any copy of this module. */
export function isRefusal(fault: unknown): fault is Refusal {
  return typeof fault === 'object' && fault !== null && refusalBrand in fault;
}
