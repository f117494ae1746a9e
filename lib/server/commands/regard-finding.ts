// Takes back that a finding was set aside: it stands beside the others again.
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';

/** `ignored`: the id of one that stands. @throws `person.…`, `token.…`, `draft.not-found`, `finding.not-found` */
export async function regardFinding(
  actor: Actor,
  input: { draft: string; ignored: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const { row, name } = await lockDraft(tx, actor, 'draft.ignore-finding', input.draft);
    const { id, project, version } = draftFacts(row);
    const where = { id: input.ignored, draftId: id, takenBackAt: null };
    const gone = () => refuse('finding.not-found', {});
    const found = await tx.ignoredFinding.findFirst({ where });
    if (!found) throw gone();
    const ended = { takenBackBy: name, takenBackAt: now, standingSlot: null };
    requireHit(await tx.ignoredFinding.updateMany({ where, data: ended }), gone);
    const details = { version, code: found.code, place: found.place };
    await work.record('finding.regarded', { project, draft: id, person: name, details });
    return { draft: id };
  });
}
