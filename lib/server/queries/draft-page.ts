// A draft as its people see it: what is signed, the files, who signed, who can still sign, what happened. Every number
// comes from one verdict (judge/load-case.ts). To everybody else a draft does not exist: the same "not found".
import { readAccountName, readSha256 } from '#lib/core/ids.ts';
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import { steps, type DraftState, type Step } from '#lib/core/release.ts';
import { byName } from '#lib/core/statement.ts';
import type { Verdict } from '#lib/core/verdict.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import { loadDraftFindings, type DraftFindings } from '#lib/server/judge/draft-findings.ts';
import { findDraft, type FoundDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase, type CaseFile, type DraftFacts, type LoadedCase } from '#lib/server/judge/load-case.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { loadSinceRelease, type SinceRelease } from '#lib/server/judge/since-release.ts';
import { waitsUntil } from '#lib/server/judge/waiting.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadTalk, type DraftTalk } from './draft-talk.ts';
import { loadDescription, type ShownDescription } from './description.ts';
import { loadEarlierRevisions, type EarlierRevision } from './earlier-revisions.ts';
import { loadHistory } from './history-lines.ts';
import { linesOf, sayWhyNot } from './signature-lines.ts';
import { quarantineOf, type Quarantine } from './quarantine.ts';
import { loadDraftReminders, type DraftReminders } from './reminders-of-draft.ts';
import { makePanel, type SignatureLine, type SigningPanel } from './signing-panel.ts';
import { loadStatement, statementFileName } from './statement-bytes.ts';

export type DraftFileRow = {
  name: FileName;
  kind: 'wheel' | 'sdist';
  size: number;
  sha256: Sha256;
  blake2b256: string;
  requiresPython: string | null;
  summary: string | null;
  addedBy: AccountName;
  addedAt: Date;
  since: number;
  /** People who cover this file, and how many it still lacks. */
  counted: AccountName[];
  missing: number;
  path: string;
};

/** A decline that stands; `reason` is hostile text. */
export type DeclineLine = {
  id: string;
  name: AccountName;
  reason: string;
  revision: number;
  at: Date;
  mayLift: boolean;
};

/** How the countersigner stands to an approved or published draft. */
export type Countersigning = {
  state: 'none' | 'awaiting' | 'refused' | 'published';
  /** What it last said, when. */
  says: string | null;
  at: Date | null;
  /** When the countersigner was last heard of at all. */
  seenAt: Date | null;
};

export type DraftPage = {
  id: DraftId;
  project: ProjectName;
  version: Version;
  revision: number;
  state: DraftState;
  role: Role;
  openedBy: AccountName;
  openedAt: Date;
  deadline: Date;
  approvedAt: Date | null;
  publishedAt: Date | null;
  /** Since when a published release has fewer signatures that count than it needs. */
  belowSince: Date | null;
  /** Why it is out of the index, and what brings it back; null: it is not quarantined. */
  quarantine: Quarantine | null;
  /** New signatures can enter: it is open, or quarantined and can be signed again. */
  isOpen: boolean;
  statement: { text: string; sha256: Sha256; size: number; fileName: string; path: string };
  files: DraftFileRow[];
  bytes: number;
  /** Against the release before; null: nothing is published that it could be compared with. */
  sinceRelease: SinceRelease | null;
  description: ShownDescription | null;
  verdict: Pick<Verdict, 'met' | 'required' | 'counted' | 'missing' | 'couldStillSign' | 'perFile'>;
  policy: { version: number; threshold: number; fileSignatures: boolean; openerCounts: boolean };
  /** One line a required signature: signed ones first, then open ones; signatures that stopped counting are struck. */
  lines: SignatureLine[];
  /** People of the policy who cannot fill a line, with the reason: "chi: key … expired". */
  cannotSign: { name: AccountName; why: string }[];
  /** Who objects to it; while one of these stands it is not approved. */
  declines: DeclineLine[];
  /** Until when it waits though enough have signed, as the policy asks; null: it does not wait for time. */
  waitsUntil: Date | null;
  /** What holds it back though enough may have signed, as a sentence; null: nothing. */
  heldBack: string | null;
  withdrawn: { by: AccountName; reason: string } | null;
  /** What the index says of a published release (PEP 592); null: not yanked. */
  yankedReason: string | null;
  countersigning: Countersigning;
  panel: SigningPanel | null;
  may: { sign: boolean; changeFiles: boolean; decline: boolean; withdraw: boolean; yank: boolean };
  /** Who is reminded when, and what the reader wished for themselves. */
  reminders: DraftReminders;
  /** What the checks of its files found, and whether the reader may set one aside. */
  findings: DraftFindings & { mayIgnore: boolean };
  /** Comments, what people rebuilt, and where it can be tried. */
  talk: DraftTalk;
  history: HistoryLine[];
  earlier: EarlierRevision[];
};

/** Refuses `draft.not-found` (also for whoever may not see it) and `person.sign-in-first`. */
export async function draftPage(actor: Actor, id: string): Promise<DraftPage> {
  const { db, clock } = runtime();
  const found = await findDraft(db, actor, 'project.see-drafts', id);
  const loaded = await loadCase(db, found.row, clock.now());
  const { draft, files, policy, verdict } = loaded;
  const statement = await loadStatement(db, draft, draft.revision);
  const { project, version, revision, state } = draft;
  const { met, required, counted, missing, couldStillSign, perFile } = verdict;
  const { threshold, fileSignatures, openerCounts } = policy.policy;
  return {
    ...{ id: draft.id, project, version, revision, state, role: found.role },
    ...{
      openedBy: draft.openedBy,
      openedAt: draft.openedAt,
      deadline: draft.deadline,
      approvedAt: draft.approvedAt,
      publishedAt: draft.publishedAt,
      belowSince: draft.row.belowSince,
      quarantine: quarantineOf(loaded),
      isOpen: isOpen(draft),
    },
    statement: {
      text: new TextDecoder().decode(statement.bytes),
      sha256: statement.sha256,
      size: statement.bytes.length,
      ...statementPlace(draft),
    },
    files: [...files].sort(byName).map((file) => asFileRow(draft, file, verdict)),
    bytes: files.reduce((sum, file) => sum + Number(file.row.size), 0),
    sinceRelease: await loadSinceRelease(db, loaded),
    description: await loadDescription(db, files),
    verdict: { met, required, counted, missing, couldStillSign, perFile },
    policy: { version: policy.version, threshold, fileSignatures, openerCounts },
    lines: linesOf(loaded, found.name),
    cannotSign: sayWhyNot(loaded),
    declines: loaded.declines.map((row) => asDeclineLine(row, found, draft)),
    waitsUntil: hasEnded(draft) ? null : waitsUntil(loaded, clock.now()),
    heldBack: hasEnded(draft) ? null : (loaded.hindrance?.message ?? null),
    ...{ withdrawn: withdrawnOf(draft), yankedReason: draft.row.yankedReason },
    countersigning: await loadCountersigning(draft),
    panel: isOpen(draft) ? await loadPanel(loaded, found, statement) : null,
    may: mayNow(found, draft, loaded.declines),
    reminders: await loadDraftReminders(db, loaded, found, clock.now()),
    findings: { ...(await loadDraftFindings(db, loaded)), mayIgnore: mayIgnore(actor, found, draft) },
    talk: await loadTalk(db, actor, draft, found),
    history: await loadHistory(db, { draftId: draft.id }, { isInside: () => true, place: 'project' }, 12),
    earlier: await loadEarlierRevisions(db, draft.id, draft.revision),
  };
}

const statementPlace = (draft: DraftFacts) => ({
  fileName: statementFileName(draft, draft.revision),
  path: `/drafts/${draft.id}/SHA256SUMS`,
});

/** Whether the step can start from this state, and whether this role may: both are core's tables. */
function mayNow({ role, name }: FoundDraft, draft: DraftFacts, declines: LoadedCase['declines']): DraftPage['may'] {
  const hasDeclined = declines.some((row) => row.personName === name);
  return {
    sign: isOpen(draft) && may(role, 'signature.add'),
    changeFiles: canNow(draft, 'change-files') && may(role, 'draft.change-files'),
    decline: canNow(draft, 'decline') && !hasDeclined && may(role, 'draft.decline'),
    yank: draft.publishedAt !== null && may(role, 'release.yank'),
    withdraw: canNow(draft, 'withdraw') && (name === draft.openedBy || may(role, 'draft.withdraw')),
  };
}

// By a personal link a draft is read; nothing is set aside.
const mayIgnore = (actor: Actor, { role }: FoundDraft, { state }: DraftFacts): boolean =>
  actor.kind === 'person' && (state === 'draft' || state === 'approved') && may(role, 'draft.ignore-finding');

const canNow = ({ state }: DraftFacts, step: Step): boolean =>
  (steps[step].from as readonly DraftState[]).includes(state);

const isOpen = (draft: DraftFacts): boolean => canNow(draft, 'sign') || canNow(draft, 'sign-again');

const hasEnded = (draft: DraftFacts): boolean => !canNow(draft, 'withdraw');

function asDeclineLine(
  row: LoadedCase['declines'][number],
  { role, name }: FoundDraft,
  draft: DraftFacts,
): DeclineLine {
  const mayLift = row.personName === name || may(role, 'draft.lift-decline');
  const { id, reason, revision } = row;
  return {
    ...{ id, reason, revision, name: readAccountName(row.personName), at: row.declinedAt },
    mayLift: mayLift && canNow(draft, 'lift-decline'),
  };
}

function withdrawnOf({ row }: DraftFacts): DraftPage['withdrawn'] {
  if (row.withdrawnBy === null || row.withdrawReason === null) return null;
  return { by: readAccountName(row.withdrawnBy), reason: row.withdrawReason };
}

function asFileRow(draft: DraftFacts, { name, sha256, row }: CaseFile, verdict: Verdict): DraftFileRow {
  const covered = verdict.perFile.find((entry) => entry.file === name);
  const { blake2b256, requiresPython, summary, addedAt, since } = row;
  return {
    ...{ name, sha256, blake2b256, requiresPython, summary, addedAt, since },
    kind: row.kind === 'wheel' ? 'wheel' : 'sdist',
    size: Number(row.size),
    addedBy: readAccountName(row.addedBy),
    ...{ counted: covered?.counted ?? [], missing: covered?.missing ?? verdict.required },
    path: `/drafts/${draft.id}/files/${name}`,
  };
}

async function loadCountersigning(draft: DraftFacts): Promise<Countersigning> {
  const contact = await runtime().db.countersignerContact.findUnique({ where: { id: 1 } });
  const { countersignerSays, countersignerAt, countersignerCode } = draft.row;
  const seenAt = contact?.seenAt ?? null;
  const base = { says: countersignerSays, at: countersignerAt, seenAt };
  if (draft.state === 'published' || draft.state === 'quarantined') return { ...base, state: 'published' };
  if (draft.state !== 'approved') return { ...base, state: 'none' };
  return { ...base, state: countersignerCode && countersignerCode !== 'release.waiting' ? 'refused' : 'awaiting' };
}

async function loadPanel(
  loaded: LoadedCase,
  { name }: FoundDraft,
  statement: { bytes: Uint8Array; sha256: Sha256 },
): Promise<SigningPanel> {
  const { db, clock } = runtime();
  const { draft, policy, signers, verdict, signatures } = loaded;
  // What no longer counts can be replaced: by another key, or (a release that was quarantined) by the same person signing anew.
  const counting = signatures.filter((row, at) => row.personName === name && verdict.findings[at]?.counts);
  const mine = counting.find((row) => row.subject === 'statement' && row.revision === draft.revision);
  const person = signers.find((candidate) => candidate.name === name);
  const opener = !policy.policy.openerCounts && name === draft.openedBy;
  const { fileName, path } = statementPlace(draft);
  return makePanel({
    ...{ fileName, downloadPath: path, bytes: statement.bytes, sha256: readSha256(statement.sha256) },
    usable: await loadUsableKeys(db, name, clock.now()),
    named: person?.keys ?? [],
    will: draft.state === 'draft' ? sayWill(loaded, name) : sayWillAgain(verdict, name),
    cannotSign: opener ? 'You opened this draft; by the policy the opener’s signature does not count.' : null,
    signedAt: mine?.received ?? null,
  });
}

/** How many more are needed after the reader. */
const leftAfter = ({ perFile, required }: Verdict, name: AccountName): number =>
  Math.max(0, ...perFile.map((entry) => required - new Set([...entry.counted, name]).size));

/** What the reader's signature over the statement will do. */
function sayWill({ verdict, policy, hindrance }: LoadedCase, name: AccountName): string {
  const { required, counted } = verdict;
  const { waitHours } = policy.policy;
  const left = leftAfter(verdict, name);
  if (left > 0)
    return `Your signature will be number ${Math.min(counted.length + 1, required)} of ${required}; ${left} more ${left === 1 ? 'is' : 'are'} needed.`;
  if (hindrance)
    return 'Your signature is the last one needed; it is kept, and the release is approved when nothing holds it back any more.';
  if (waitHours > 0)
    return `Your signature is the last one needed: the release then waits ${waitHours === 1 ? '1 hour' : `${waitHours} hours`}, in which anyone of the people may decline, and is published after that, when the countersigner has checked it.`;
  return 'Your signature is the last one needed: the release is approved, and publication follows at once when the countersigner has checked it.';
}

/** The same for a quarantined release. */
function sayWillAgain(verdict: Verdict, name: AccountName): string {
  const left = leftAfter(verdict, name);
  if (left > 0) return `Your signature brings it nearer; ${left} more ${left === 1 ? 'is' : 'are'} needed after yours.`;
  return 'Your signature is the last one needed: the release comes back when the countersigner has checked it.';
}
