// What stands under a draft, with the ids by which it is taken back or lifted: its signatures and its declines. For people of the project and their
// programs.
import type { Actor } from '#lib/core/people.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Every packet that entered, oldest first. `over`: the statement of a revision, or a file. Refuses `draft.not-found`. */
export async function draftSignatures(actor: Actor, claimed: string) {
  const { db } = runtime();
  const { row } = await findDraft(db, actor, 'project.see-drafts', claimed);
  const rows = await db.signature.findMany({
    where: { draftId: row.id },
    orderBy: [{ received: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      packetSha256: true,
      personName: true,
      key: true,
      fileName: true,
      revision: true,
      received: true,
      takenBackAt: true,
    },
  });
  return rows.map(({ id, packetSha256, personName, key, fileName, revision, received, takenBackAt }) => ({
    ...{ signature: id, packet: packetSha256, person: personName, key },
    ...{ over: fileName ?? 'statement', revision: revision ?? null, received, takenBackAt },
  }));
}

/** Every decline, oldest first. Refuses `draft.not-found`. */
export async function draftDeclines(actor: Actor, claimed: string) {
  const { db } = runtime();
  const { row } = await findDraft(db, actor, 'project.see-drafts', claimed);
  const rows = await db.decline.findMany({
    where: { draftId: row.id },
    orderBy: [{ declinedAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, personName, reason, revision, declinedAt, liftedAt, liftedBy }) => ({
    ...{ decline: id, person: personName, reason, revision, declinedAt, liftedAt, liftedBy },
  }));
}
