// Ends personal links before their time: one's own to a draft (signed in, or by the link itself), somebody's by an owner of the project, or all
// of one's own at once. What was handed in by them stays. Nobody is signed out by it, since a link never signed anybody in.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import { may, requireOwn, type Actor } from '#lib/core/people.ts';
import { change, requireHit, viaOf, type Change } from '#lib/server/change.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';

/** Ends the links of `person` to a draft. @throws `person.…`, `link.…` (`none-live`), `draft.not-found` */
export async function revokeDraftLinks(
  actor: Actor,
  input: { draft: string; person: string },
): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { row, role, name } = await findDraft(work.tx, actor, 'project.see-drafts', input.draft);
    const { id, project } = draftFacts(row);
    if (input.person !== name && !(actor.kind === 'person' && may(role, 'link.revoke')))
      throw refuse('person.may-not', { project, role });
    const person = input.person as AccountName; // of a row, where one is hit
    await revoke(work, { draftId: id, personName: person });
    await work.record('link.revoked', { project, draft: id, person, details: { version: row.version } });
    return { draft: id };
  });
}

/** Ends all links in all mails to the person who asks. @throws `person.sign-in-first`, `link.none-live` */
export async function revokeMyLinks(actor: Actor): Promise<void> {
  const name = requireOwn(actor, 'account');
  await change(actor, viaOf(actor), async (work) => {
    await revoke(work, { personName: name });
    await work.record('links.revoked', { person: name });
  });
}

async function revoke({ tx, now }: Change, whose: { draftId?: DraftId; personName: AccountName }): Promise<void> {
  const live = { ...whose, revokedAt: null, expiresAt: { gt: now } };
  const written = await tx.personalLink.updateMany({ where: live, data: { revokedAt: now } });
  requireHit(written, () => refuse('link.none-live', {}));
}
