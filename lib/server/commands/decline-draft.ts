// Declines a draft: somebody of the project says why it should not be published. While the decline stands the draft is not approved, and an
// approved one waits again. It says nothing about signatures: they stay as they are, for when the decline is lifted.
import { randomUUID } from 'node:crypto';
import { readReason } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts, type DraftFacts } from '#lib/server/judge/load-case.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { othersThan, tellPeople } from '#lib/server/judge/tell-people.ts';
import { draftDeclinedLetter } from '#lib/server/mail/letters/draft-declined.ts';

export type DeclineDraftInput = {
  draft: string;
  reason: string;
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

/** @throws `person.…`, `link.…`, `draft.not-found`, `draft.moved-on`, `draft.not-now`, `draft.already-declined`, `input.…` for the reason */
export async function declineDraft(actor: Actor, input: DeclineDraftInput): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { row, name } = await lockDraft(work.tx, actor, 'draft.decline', input.draft);
    const reason = readReason(input.reason);
    const draft = draftFacts(row);
    stepFrom(draft.state, 'decline');
    if ((input.expectedRevision ?? draft.revision) !== draft.revision)
      throw refuse('draft.moved-on', { revision: draft.revision });
    await storeDecline(work, draft, { name, reason });
    const { policy } = await settleDraft(work, draft.id);
    const { id, project, version, revision } = draft;
    const letter = draftDeclinedLetter({ project, version, draft: id, revision, by: name, reason });
    const people = policy.policy.people.map((person) => person.name);
    await tellPeople(work, othersThan(work, people), () => letter);
    return { draft: id };
  });
}

async function storeDecline(
  { tx, now, record }: Change,
  { id, project, version, revision }: DraftFacts,
  { name, reason }: { name: AccountName; reason: string },
): Promise<void> {
  const standingSlot = `${id}:${name}`;
  const data = { id: randomUUID(), draftId: id, personName: name, reason, revision, declinedAt: now, standingSlot };
  await orTaken(tx.decline.create({ data }), () => refuse('draft.already-declined', {}));
  await record('draft.declined', { project, draft: id, person: name, details: { version, revision, reason } });
}
