// Lifts a decline: whoever declined may, and an owner. If it was the last one and enough people have signed, the draft is approved at once.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type DraftId } from '#lib/core/ids.ts';
import { requireMay, type Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { othersThan, tellPeople } from '#lib/server/judge/tell-people.ts';
import { declineLiftedLetter } from '#lib/server/mail/letters/decline-lifted.ts';

/** `decline`: the id of one that stands. @throws `person.…`, `draft.not-found`, `draft.not-now`, `decline.not-found` */
export async function liftDecline(
  actor: Actor,
  input: { draft: string; decline: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const { row, role, name } = await lockDraft(tx, actor, 'project.see-drafts', input.draft);
    const draft = draftFacts(row);
    const where = { id: input.decline, draftId: draft.id, liftedAt: null };
    const decline = await tx.decline.findFirst({ where });
    const gone = () => refuse('decline.not-found', {});
    if (!decline) throw gone();
    if (decline.personName !== name) requireMay(actor, role, 'draft.lift-decline', draft.project);
    stepFrom(draft.state, 'lift-decline');
    const lifted = { liftedAt: now, liftedBy: name, standingSlot: null };
    requireHit(await tx.decline.updateMany({ where, data: lifted }), gone);
    const declinedBy = readAccountName(decline.personName);
    const { id, project, version } = draft;
    await work.record('decline.lifted', { project, draft: id, person: name, details: { version, declinedBy } });
    const { policy, hindrance } = await settleDraft(work, id);
    const letter = declineLiftedLetter({
      ...{ project, version, draft: id, by: name, declinedBy },
      stillHeldBack: hindrance?.message ?? null,
    });
    const people = [...policy.policy.people.map((person) => person.name), declinedBy];
    await tellPeople(work, othersThan(work, people), () => letter);
    return { draft: id };
  });
}
