// Everything that history can tell: for each kind to whom, under which heading it is found, and the sentence behind the actor's name
// ("ada signed revision 3"). The one list: a kind without a sentence, or without a reader, does not compile.
// Kinds use the words of the refusals (`signature.refused`); a kind is never renamed, because rows keep it.
// Details come from rows and may carry hostile text; whoever shows a sentence escapes it for its medium.
import { listIn, numberIn, textIn, type Details } from './details.ts';

/**
 * Who is told besides those whom it concerns. `everybody`: the public part of a project, so its sentence holds nothing private; `people`:
 * those of the project; `account`: the person alone; `operator`: no page.
 */
export type Seen = 'everybody' | 'people' | 'account' | 'operator';

/** The headings by which a reader filters. */
export const historyGroups = {
  signatures: 'Signatures',
  drafts: 'Drafts and files',
  releases: 'Releases',
  rules: 'Rules',
  people: 'People',
  keys: 'Keys',
  programs: 'Webhooks and tokens',
  account: 'Signing in',
  refusals: 'Refusals',
} as const;
export type HistoryGroup = keyof typeof historyGroups;

type Kind = {
  group: HistoryGroup;
  seen: Seen;
  /** Stands behind the actor's name; the release is named by whoever shows it. `whose`: whom it concerns, where that is somebody else. */
  says: string | ((details: Details, whose: string | null) => string);
  /** The reason in the details stands in a published document too, so visitors are told it. */
  reasonIsPublic?: true;
};

const policy = (d: Details): string => `policy ${numberIn(d, 'version') ?? ''}`.trim();
const key = (d: Details): string => `key ${textIn(d, 'key') ?? ''}`.trim();
const declared = (d: Details): string => textIn(d, 'declaration') ?? 'declaration';
/** Where a webhook leads: the host alone, because the rest of the address may be a secret of its receiver. */
const host = (d: Details): string => textIn(d, 'host') ?? 'somewhere';
const file = (d: Details): string => textIn(d, 'name') ?? 'a file';
/** "ada, bo and chi" */
const namesAsText = (names: string[]): string => names.join(', ').replace(/, (?=[^,]*$)/, ' and ');
const by = (d: Details, field: string): string => {
  const names = listIn(d, field);
  return names.length === 0 ? '' : `, signed by ${namesAsText(names)}`;
};
/** "2 of 3 signatures"; nothing where the row does not say. */
const counted = (d: Details): string => {
  const [have, need] = [numberIn(d, 'counted') ?? listIn(d, 'counted').length, numberIn(d, 'required')];
  return need === null ? '' : `: ${have} of ${need} signatures`;
};
/** What a signature is over: revision 3, or a file by its name. */
const over = (d: Details): string => {
  const named = textIn(d, 'over');
  const revision = numberIn(d, 'revision');
  if (named !== null && named !== 'statement') return named;
  return revision === null ? 'the statement' : `revision ${revision}`;
};
/** What the backup did not have. */
const putBack = (d: Details): string => {
  const [policies, releases] = [listIn(d, 'policies'), listIn(d, 'releases')];
  const found = [...policies.map((version) => `policy ${version}`), ...releases.map((version) => `release ${version}`)];
  return found.length === 0 ? ', and nothing was missing' : `, and took ${namesAsText(found)} from there`;
};
const signed = (what: string, whose: string | null): string =>
  whose === null ? `signed ${what}` : `handed in the signature of ${whose} over ${what}`;
/** What was wanted for the releases that fall by it. */
const again = (d: Details): string => {
  const [ask, rest] = [listIn(d, 'signAgain'), listIn(d, 'quarantine')];
  const asked = ask.length === 0 ? '' : `; ${ask.join(', ')} to be signed again`;
  return `${asked}${rest.length === 0 ? '' : `; ${rest.join(', ')} to stay quarantined`}`;
};
const ofProject = (d: Details): string => (textIn(d, 'of') === null ? '' : ` of ${textIn(d, 'of') ?? ''}`);
const listed = (words: string[]): string => (words.length === 0 ? '' : `: ${words.join('; ')}`);
const switched = (d: Details): string => listed([textIn(d, 'topic') ?? ''].filter((topic) => topic !== ''));
const withRevision = (what: string, d: Details): string => {
  const revision = numberIn(d, 'revision');
  return revision === null ? what : `${what}; that made revision ${revision}`;
};

const reminded = (d: Details): string => {
  const people = namesAsText(listIn(d, 'people')) || 'people';
  if (textIn(d, 'kind') === 'deadline') return `told ${people} that the draft ends soon`;
  return `reminded ${people}`;
};
const silenced = (d: Details): string => {
  const [until, draft] = [textIn(d, 'until'), `the draft of ${textIn(d, 'release') ?? 'a release'}`];
  if (until !== null) return `put reminders of ${draft} off until ${until}`;
  return textIn(d, 'wish') === 'mute' ? `muted ${draft}` : `wanted mail about ${draft} as ever`;
};

// prettier-ignore
export const historyKinds = {
  'person.created': { group: 'account', seen: 'account', says: 'created the account' },
  'sign-in.asked': { group: 'account', seen: 'operator', says: 'asked for a sign-in link' },
  'session.started': { group: 'account', seen: 'account', says: 'signed in' },
  'session.ended': { group: 'account', seen: 'account', says: 'signed out' },
  'address.change-asked': { group: 'account', seen: 'account', says: 'asked for another mail address' },
  'address.change-dropped': { group: 'account', seen: 'account', says: 'dropped the change of the mail address' },
  'address.changed': { group: 'account', seen: 'account', says: 'changed the mail address of the account' },
  'passkey.asked': { group: 'account', seen: 'account', says: 'asked to use a passkey' },
  'passkey.added': { group: 'account', seen: 'account', says: (d) => `added the passkey ${textIn(d, 'name') ?? ''}`.trim() },
  'passkey.removed': { group: 'account', seen: 'account', says: (d) => `removed the passkey ${textIn(d, 'name') ?? ''}`.trim() },
  'passkey.refused': { group: 'refusals', seen: 'account', says: 'tried to sign in with a passkey, which was refused' },
  'key.added': { group: 'keys', seen: 'account', says: (d) => `added ${key(d)}` },
  'key.updated': { group: 'keys', seen: 'account', says: (d) => `updated ${key(d)}` },
  'key.revoked': { group: 'keys', seen: 'people', says: (d) => `revoked ${key(d)}` },
  'key.expiring': { group: 'keys', seen: 'people', says: (d, whose) => `told ${whose ?? 'its people'} that ${key(d)} ends within ${numberIn(d, 'days') ?? 30} days` },
  'key.refused': { group: 'refusals', seen: 'account', says: 'tried to add a key, which was refused' },
  'key.dropped': { group: 'keys', seen: 'account', says: (d, whose) => `proved ${key(d)}, which stood unproven in the account of ${whose ?? 'somebody else'}` },
  'key.challenged': { group: 'keys', seen: 'account', says: (d) => `asked for a phrase to prove ${key(d)}` },
  'key.challenge-mailed': { group: 'keys', seen: 'account', says: (d) => `had an encrypted message sent to prove ${key(d)}` },
  'key.proven': { group: 'keys', seen: 'account', says: (d) => `proved ${key(d)}` },
  'key.proof-refused': { group: 'refusals', seen: 'account', says: 'tried to prove a key, which was refused' },
  'key.lost': { group: 'keys', seen: 'people', says: (d) => `reported ${key(d)} as lost` },
  'project.created': { group: 'rules', seen: 'everybody', says: 'created the project' },
  'person.invited': { group: 'people', seen: 'people', says: (d) => `sent an invitation, as ${textIn(d, 'role') ?? 'maintainer'}` },
  'invitation.accepted': { group: 'people', seen: 'people', says: (d) => `accepted an invitation with ${key(d)}` },
  'invitation.revoked': { group: 'people', seen: 'people', says: 'revoked an invitation' },
  'person.confirmed': { group: 'people', seen: 'people', says: (d, whose) => `confirmed ${key(d)} of ${whose ?? 'an invited person'}` },
  'person.confirm-refused': { group: 'refusals', seen: 'people', says: (_, whose) => `compared the key of ${whose ?? 'an invited person'}, and it did not match` },
  'person.removal-proposed': { group: 'people', seen: 'people', says: (d, whose) => `proposed to ${textIn(d, 'how') === 'strike' ? 'strike' : 'retire'} ${whose ?? 'somebody'} by ${policy(d)}${again(d)}` },
  'policy.proposed': { group: 'rules', seen: 'people', says: (d) => `proposed ${policy(d)}` },
  'policy.signed': { group: 'rules', seen: 'people', says: (d, whose) => signed(policy(d), whose) },
  'policy.signature-refused': { group: 'refusals', seen: 'people', says: 'sent a policy signature, which was refused' },
  'policy.in-force': { group: 'rules', seen: 'everybody', says: (d) => `put ${policy(d)} in force${by(d, 'signers')}` },
  'policy.withdrawn': { group: 'rules', seen: 'people', says: (d) => `withdrew the proposal of ${policy(d)}` },
  'chain.waits': { group: 'rules', seen: 'people', says: (d) => `completed the signatures of a new chain with ${policy(d)}: it waits to be confirmed at the countersigner` },
  'chain.begun': { group: 'rules', seen: 'everybody', says: (d) => `began a new chain with ${policy(d)}, which the people of the policy before it did not sign` },
  'reminders.changed': { group: 'rules', seen: 'people', says: (d) => `changed reminders and deadlines${listed(listIn(d, 'changes'))}` },
  'policy.expired': { group: 'rules', seen: 'people', says: (d) => `let the proposal of ${policy(d)} expire: its deadline passed` },
  'draft.opened': { group: 'drafts', seen: 'people', says: 'opened the draft' },
  'draft.waits': { group: 'drafts', seen: 'people', says: (d) => `completed the signatures${by(d, 'counted')}; it waits until ${textIn(d, 'until') ?? 'its time is over'}` },
  'draft.approved': { group: 'drafts', seen: 'people', says: (d) => `completed the signatures: approved${by(d, 'counted')}` },
  'draft.reopened': { group: 'drafts', seen: 'people', says: (d) => `made the draft wait for signatures again${counted(d)}` },
  'draft.withdrawn': { group: 'drafts', seen: 'people', says: 'withdrew the draft' },
  'draft.declined': { group: 'drafts', seen: 'people', says: 'declined the draft' },
  'decline.lifted': { group: 'drafts', seen: 'people', says: (d) => `lifted the decline of ${textIn(d, 'declinedBy') ?? 'somebody'}` },
  'draft.reminded': { group: 'drafts', seen: 'people', says: reminded },
  'draft.silenced': { group: 'account', seen: 'account', says: silenced },
  'draft.expired': { group: 'drafts', seen: 'people', says: 'let the draft expire: its deadline passed' },
  'link.revoked': { group: 'drafts', seen: 'people', says: (_, whose) => `ended the links of mails by which ${whose ?? 'they'} could open the draft` },
  'links.revoked': { group: 'account', seen: 'account', says: 'ended all links of their mails to drafts' },
  'file.added': { group: 'drafts', seen: 'people', says: (d) => withRevision(`added ${file(d)}`, d) },
  'file.replaced': { group: 'drafts', seen: 'people', says: (d) => withRevision(`replaced ${file(d)}`, d) },
  'file.removed': { group: 'drafts', seen: 'people', says: (d) => withRevision(`removed ${file(d)}`, d) },
  'file.repeated': { group: 'drafts', seen: 'people', says: (d) => `sent ${file(d)} again, which is there already` },
  'finding.ignored': { group: 'drafts', seen: 'people', says: (d) => `set aside what a check found (${textIn(d, 'code') ?? ''}, ${textIn(d, 'place') ?? ''})` },
  'finding.regarded': { group: 'drafts', seen: 'people', says: (d) => `no longer sets aside what a check found (${textIn(d, 'code') ?? ''}, ${textIn(d, 'place') ?? ''})` },
  'comment.written': { group: 'drafts', seen: 'people', says: (d) => `commented on revision ${numberIn(d, 'revision') ?? ''}`.trim() },
  'comment.taken-back': { group: 'drafts', seen: 'people', says: 'took a comment back' },
  'rebuild.stated': { group: 'drafts', seen: 'people', says: (d) => `${textIn(d, 'outcome') ?? 'rebuilt files'}, of revision ${numberIn(d, 'revision') ?? ''}`.trim() },
  'rebuild.taken-back': { group: 'drafts', seen: 'people', says: 'took back what they had stated about a rebuild' },
  'preview.made': { group: 'drafts', seen: 'people', says: 'made a new address to try the draft, and ended the one before' },
  'preview.ended': { group: 'drafts', seen: 'people', says: 'ended the address to try the draft' },
  'file.refused': { group: 'refusals', seen: 'people', says: 'sent files, which were refused' },
  'signature.added': { group: 'signatures', seen: 'people', says: (d, whose) => signed(over(d), whose) },
  'signature.repeated': { group: 'signatures', seen: 'people', says: 'sent a signature that was there already' },
  'signature.refused': { group: 'refusals', seen: 'people', says: (_, whose) => `sent a signature${whose === null ? '' : ` by ${whose}`}, which was refused` },
  'signature.taken-back': { group: 'signatures', seen: 'people', says: 'took a signature back' },
  'release.published': { group: 'releases', seen: 'everybody', says: (d) => `published the release${by(d, 'signedBy')}` },
  'release.below-threshold': { group: 'releases', seen: 'everybody', says: (d) => `left the release with fewer signatures than it needs${counted(d)}` },
  'release.quarantined': { group: 'releases', seen: 'everybody', reasonIsPublic: true, says: 'quarantined the release' },
  'release.published-again': { group: 'releases', seen: 'everybody', says: (d) => `published the release again${by(d, 'signedBy')}` },
  'release.yanked': { group: 'releases', seen: 'everybody', reasonIsPublic: true, says: (d) => `yanked the release${by(d, 'signedBy')}` },
  'release.unyanked': { group: 'releases', seen: 'everybody', reasonIsPublic: true, says: (d) => `took the yank of the release back${by(d, 'signedBy')}` },
  'project.status-changed': { group: 'rules', seen: 'everybody', reasonIsPublic: true, says: (d) => `declared the project ${textIn(d, 'status') ?? 'changed'}${by(d, 'signedBy')}` },
  'declaration.prepared': { group: 'releases', seen: 'people', says: (d) => `prepared the ${declared(d)}` },
  'declaration.signed': { group: 'releases', seen: 'people', says: (d, whose) => signed(`the ${declared(d)}`, whose) },
  'declaration.dropped': { group: 'releases', seen: 'people', says: (d) => `dropped the ${declared(d)}` },
  'declaration.signature-refused': { group: 'refusals', seen: 'people', says: 'sent a signature over a declaration, which was refused' },
  'declaration.refused': { group: 'refusals', seen: 'people', says: (d) => `refused to countersign the ${declared(d)}` },
  'release.refused': { group: 'refusals', seen: 'people', says: 'refused to countersign the release' },
  'handback.received': { group: 'releases', seen: 'operator', says: 'posted signed index files' },
  'handback.placed': { group: 'releases', seen: 'operator', says: 'put signed index files in place' },
  'handback.refused': { group: 'refusals', seen: 'operator', says: 'posted index files, which were refused' },
  'webhook.added': { group: 'programs', seen: 'people', says: (d) => `added a webhook to ${host(d)}` },
  'webhook.changed': { group: 'programs', seen: 'people', says: (d) => `changed what the webhook to ${host(d)} is told` },
  'webhook.secret-made': { group: 'programs', seen: 'people', says: (d) => `made a new secret for the webhook to ${host(d)}` },
  'webhook.stopped': { group: 'programs', seen: 'people', says: (d) => `stopped the webhook to ${host(d)}` },
  'webhook.resumed': { group: 'programs', seen: 'people', says: (d) => `let the webhook to ${host(d)} go on` },
  'webhook.removed': { group: 'programs', seen: 'people', says: (d) => `removed the webhook to ${host(d)}` },
  'webhook.tested': { group: 'programs', seen: 'people', says: (d) => `sent a test to the webhook to ${host(d)}` },
  'webhook.sent-again': { group: 'programs', seen: 'people', says: (d) => `sent ${textIn(d, 'event') ?? 'a message'} to the webhook to ${host(d)} again` },
  'webhook.given-up': { group: 'programs', seen: 'people', says: (d) => `gave up telling ${host(d)} of ${textIn(d, 'event') ?? 'something'} after ${numberIn(d, 'tries') ?? 'several'} tries` },
  'elsewhere.set': { group: 'programs', seen: 'people', says: (d) => `had releases uploaded to ${host(d)} as well, once they are published here` },
  'elsewhere.removed': { group: 'programs', seen: 'people', says: (d) => `had nothing uploaded to ${host(d)} any more` },
  'elsewhere.sent': { group: 'programs', seen: 'people', says: (d) => `had the files of ${textIn(d, 'version') ?? 'a release'} uploaded to ${host(d)}` },
  'elsewhere.uploaded': { group: 'releases', seen: 'people', says: (d) => `uploaded ${file(d)} to ${host(d)}` },
  'elsewhere.failed': { group: 'releases', seen: 'people', says: (d) => `could not upload ${file(d)} to ${host(d)}: ${textIn(d, 'says') ?? ''}`.trim() },
  'elsewhere.stopped': { group: 'releases', seen: 'people', says: (d) => `did not upload ${file(d)} to ${host(d)}: ${textIn(d, 'says') ?? ''}`.trim() },
  'token.made': { group: 'programs', seen: 'people', says: (d) => `made the token ${textIn(d, 'name') ?? ''}, which can ${textIn(d, 'kind') === 'upload' ? 'open drafts, add files and ask how drafts stand' : 'ask how drafts stand'}` },
  'token.revoked': { group: 'programs', seen: 'people', says: (d) => `revoked the token ${textIn(d, 'name') ?? ''}`.trim() },
  'person-token.made': { group: 'account', seen: 'account', says: (d) => `made the token ${textIn(d, 'name') ?? ''}, for ${namesAsText(listIn(d, 'scopes')) || 'programs'}${ofProject(d)}` },
  'person-token.revoked': { group: 'account', seen: 'account', says: (d) => `revoked the token ${textIn(d, 'name') ?? ''}`.trim() },
  'feed.made': { group: 'account', seen: 'account', says: 'made a secret address for the feed of what needs a signature' },
  'feed.ended': { group: 'account', seen: 'account', says: 'ended the secret address of the feed' },
  'mail.choices-changed': { group: 'account', seen: 'account', says: (d) => `changed which mail comes${ofProject(d)}${listed(listIn(d, 'changed'))}` },
  'mail.hours-changed': { group: 'account', seen: 'account', says: 'changed when mail comes' },
  'mail.switched-off': { group: 'account', seen: 'account', says: (d, whose) => `switched mail to ${whose ?? 'a person'} off by the link in a mail${ofProject(d)}${switched(d)}` },
  'mail.daily': { group: 'account', seen: 'operator', says: (_, whose) => `queued the daily mail of ${whose ?? 'a person'}` },
  'mail.sent-again': { group: 'account', seen: 'operator', says: 'had a mail tried again that was given up' },
  'project.put-back': { group: 'releases', seen: 'everybody', says: (d) => `compared this project, restored from a backup, with what the index has published${putBack(d)}` },
  'release.put-back': { group: 'releases', seen: 'everybody', says: 'put it back after a loss, from what the index has published' },
  'change.refused': { group: 'refusals', seen: 'people', says: (d) => (textIn(d, 'was') === 'conflict' ? 'came too late with a change' : 'tried what they may not do here') },
} as const satisfies Record<string, Kind>;

export type HistoryKind = keyof typeof historyKinds;

/** The row of a kind; null for one that a later version wrote. */
export const kindOf = (kind: string): Kind | null =>
  Object.hasOwn(historyKinds, kind) ? historyKinds[kind as HistoryKind] : null;

/** The kinds that these readers are told. */
export const kindsSeenBy = (...readers: Seen[]): HistoryKind[] =>
  (Object.keys(historyKinds) as HistoryKind[]).filter((kind) => readers.includes(historyKinds[kind].seen));

/** The kinds under one heading. */
export const kindsIn = (group: HistoryGroup): HistoryKind[] =>
  (Object.keys(historyKinds) as HistoryKind[]).filter((kind) => historyKinds[kind].group === group);

/** What stands behind the actor's name. A kind that is unknown here says itself. */
export function sayKind(kind: string, details: Details, whose: string | null = null): string {
  const says = kindOf(kind)?.says ?? kind;
  return typeof says === 'function' ? says(details, whose) : says;
}
