// How a draft stands, for programs (docs/formats/status.md): its state, what is signed and missing, and one word for what came of it. Asked by
// a session of its people, or with a token of its project or of one of them; to everybody else the draft is not there. Every number comes from the one verdict.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { requireAsking, type Actor } from '#lib/core/people.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { recordPath } from '#lib/simple/page.ts';
import { readCanonicalVersion, versionKey } from '#lib/python/versions.ts';
import { loadDraftFindings, type DraftFindings } from '#lib/server/judge/draft-findings.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase, type LoadedCase } from '#lib/server/judge/load-case.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { waitsUntil } from '#lib/server/judge/waiting.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Which draft: by its id, or the newest of a version. Both hostile. */
export type StatusSubject = { draft: string } | { project: string; version: string };

/** `waiting` goes on by itself or by signatures; all others are ends, `declined` until the decline is lifted. */
type StatusOutcome = 'waiting' | 'published' | 'declined' | 'withdrawn' | 'expired' | 'quarantined';

export type DraftStatus = Awaited<ReturnType<typeof asStatus>> & {
  /** Another one as soon as anything of the rest is. */
  mark: string;
};

/** Refuses `person.sign-in-first`, `token.unusable`, `draft.not-found`, `project.not-found`. */
export const draftStatus = async (actor: Actor, subject: StatusSubject): Promise<DraftStatus> =>
  (await loadStatus(actor, subject)).status;

/** The status with what it was made from, for queries that answer more. */
export async function loadStatus(
  actor: Actor,
  subject: StatusSubject,
): Promise<{ status: DraftStatus; loaded: LoadedCase }> {
  const { db, clock } = runtime();
  const id = 'draft' in subject ? subject.draft : await newestOf(actor, subject);
  const { row } = await findDraft(db, actor, 'project.see-drafts', id);
  const loaded = await loadCase(db, row, clock.now());
  const status = asStatus(loaded, clock.now(), await loadDraftFindings(db, loaded));
  const mark = sha256Hex(Buffer.from(JSON.stringify(status))).slice(0, 32);
  return { status: { ...status, mark }, loaded };
}

/** The draft of this version that was opened last. */
async function newestOf(actor: Actor, { project, version }: { project: string; version: string }): Promise<string> {
  const { db } = runtime();
  const missing = () => refuse('draft.not-found', {});
  requireAsking(actor, 'project.see-drafts');
  const standing = await standingIn(db, actor, project);
  if (!seesDrafts(standing.role)) throw missing();
  const where = { projectName: standing.project.name, versionKey: keyOf(version) };
  const row = await db.draft.findFirst({ where, orderBy: [{ openedAt: 'desc' }, { id: 'asc' }], select: { id: true } });
  if (row === null) throw missing();
  return row.id;
}

function keyOf(claimed: string): string {
  try {
    return versionKey(readCanonicalVersion(claimed));
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('draft.not-found', {}, fault);
    throw fault;
  }
}

const textOf = (at: Date | null): string | null => at?.toISOString() ?? null;

function asStatus(loaded: LoadedCase, now: Date, findings: DraftFindings) {
  const { draft, verdict } = loaded;
  const { publicUrl } = runtime().config;
  const { row } = draft;
  const record = row.recordSerial === null ? null : recordPath(draft.project, draft.version, row.recordSerial);
  return {
    ...{ index: runtime().indexName, project: draft.project, version: draft.version, draft: draft.id },
    ...{ state: draft.state, outcome: outcomeOf(loaded), revision: draft.revision },
    ...{ required: verdict.required, counted: verdict.counted, missing: verdict.missing },
    ...(isOpen(loaded) ? whatItWaitsFor(loaded, now) : nothingMore),
    checks: asChecks(findings),
    ...{ publishedAt: textOf(draft.publishedAt), yanked: row.yankedReason, quarantined: row.quarantineReason },
    record: record === null ? null : `${publicUrl}/${record}`,
    page: `${publicUrl}/drafts/${draft.id}`,
  };
}

function asChecks({ list, warnings, notes, ignored, unchecked }: DraftFindings) {
  const findings = list.map((finding) => {
    const { severity, code, file, where, say } = finding;
    const by = finding.ignored;
    return { severity, code, file, where, say, ignored: by && { ignored: by.id, by: by.by, reason: by.reason } };
  });
  return { warnings, notes, ignored, uncheckedFiles: unchecked, findings };
}

const isOpen = ({ draft: { state } }: LoadedCase): boolean => state === 'draft' || state === 'approved';

/** What only a draft that is not over has. */
function whatItWaitsFor(loaded: LoadedCase, now: Date) {
  const { draft, verdict, declines, hindrance } = loaded;
  return {
    couldStillSign: verdict.couldStillSign,
    declinedBy: declines.map((decline) => readAccountName(decline.personName)),
    waitsUntil: textOf(waitsUntil(loaded, now)),
    heldBack: hindrance?.message ?? null,
    countersigner: draft.row.countersignerSays,
    deadline: textOf(draft.deadline),
  };
}

const nothingMore: ReturnType<typeof whatItWaitsFor> = {
  ...{ couldStillSign: [], declinedBy: [], waitsUntil: null, heldBack: null, countersigner: null, deadline: null },
};

function outcomeOf({ draft: { state }, declines }: LoadedCase): StatusOutcome {
  if (state !== 'draft' && state !== 'approved') return state;
  return declines.length > 0 ? 'declined' : 'waiting';
}
