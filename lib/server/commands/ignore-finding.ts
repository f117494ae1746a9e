// Sets aside what a check found, for this one draft, with a reason that signers read beside it. It changes nothing else: the finding stays on the page,
// signatures and draft stay as they are, and the next release is told again.
import { randomUUID } from 'node:crypto';
import { readReason } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { loadDraftFindings } from '#lib/server/judge/draft-findings.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadCase, type LoadedCase } from '#lib/server/judge/load-case.ts';

export type IgnoreFindingInput = {
  draft: string;
  /** Of a finding of the newest revision: its check and its place, as they are shown. Hostile. */
  code: string;
  place: string;
  reason: string;
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

/** @throws `person.…`, `token.…`, `draft.not-found`, `draft.moved-on`, `draft.not-now`, `finding.not-found`, `finding.already-ignored`, `input.…` for the reason */
export async function ignoreFinding(actor: Actor, input: IgnoreFindingInput): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { row, name } = await lockDraft(work.tx, actor, 'draft.ignore-finding', input.draft);
    const reason = readReason(input.reason);
    const loaded = await loadCase(work.tx, row, work.now);
    const { id, project, version, revision } = requireUnpublished(loaded);
    if ((input.expectedRevision ?? revision) !== revision) throw refuse('draft.moved-on', { revision });
    const { code, where: place } = await requireOpenFinding(work, loaded, input);
    const standing = { id: randomUUID(), standingSlot: `${id}:${code}:${place}`, ignoredBy: name, ignoredAt: work.now };
    await orTaken(
      work.tx.ignoredFinding.create({ data: { ...standing, draftId: id, code, place, reason, revision } }),
      () => refuse('finding.already-ignored', { by: name }),
    );
    const details = { version, revision, code, place, reason };
    await work.record('finding.ignored', { project, draft: id, person: name, details });
    return { draft: id };
  });
}

/** Refuses `draft.not-now`: what is over is not looked at any more. */
function requireUnpublished({ draft }: LoadedCase): LoadedCase['draft'] {
  if (draft.state === 'draft' || draft.state === 'approved') return draft;
  throw refuse('draft.not-now', { state: draft.state, step: 'ignore a finding' });
}

async function requireOpenFinding({ tx }: Change, loaded: LoadedCase, wanted: IgnoreFindingInput) {
  const { list } = await loadDraftFindings(tx, loaded);
  const finding = list.find(({ code, where }) => code === wanted.code && where === wanted.place);
  if (!finding) throw refuse('finding.not-found', {});
  if (finding.ignored) throw refuse('finding.already-ignored', { by: finding.ignored.by });
  return finding;
}
