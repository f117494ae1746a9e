// Takes one of the actor's own signatures back, while the draft is open. The row stays, as taken back: its packet never enters
// again, here or elsewhere (formats.md, 1).
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, requireHit, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';

/** `signature`: the id of one (SignatureLine.id). @throws `person.…`, `draft.not-found`, `draft.not-now`, `signature.not-found` */
export async function takeBackSignature(
  actor: Actor,
  input: { draft: string; signature: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { row, name } = await lockDraft(work.tx, actor, 'signature.take-back', input.draft);
    const draft = draftFacts(row);
    stepFrom(draft.state, 'take-back');
    const mine = { id: input.signature, draftId: draft.id, personName: name, takenBackAt: null };
    const signature = await work.tx.signature.findFirst({ where: mine });
    const written = await work.tx.signature.updateMany({
      where: mine,
      data: { takenBackAt: work.now, countedSlot: null },
    });
    requireHit(written, () => refuse('signature.not-found', {}));
    const details = { packet: signature?.packetSha256 ?? null, key: signature?.key ?? null };
    await work.record('signature.taken-back', { project: draft.project, draft: draft.id, person: name, details });
    await settleDraft(work, draft.id);
    return { draft: draft.id };
  });
}
