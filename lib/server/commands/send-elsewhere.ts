// Queues the files of one published release for the other index of its project: those of a release from before it was set, or once more what failed. What
// has arrived there, or is on its way, is left alone. Nothing that is not published here goes anywhere.
import { refuse } from '#lib/core/errors.ts';
import { readDraftId } from '#lib/core/ids.ts';
import { requireFresh, requirePerson, type Actor } from '#lib/core/people.ts';
import { change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { hindranceElsewhere, queueFiles } from '#lib/server/other-index/queue.ts';
import { requireRate } from '#lib/server/rate-limits.ts';

/** `version` as the page of the release spells it. @throws `person.…`, `project.not-found`, `session.not-fresh`, `elsewhere.…`, `request.too-many` */
export async function sendElsewhere(
  actor: Actor,
  input: { project: string; version: string },
): Promise<{ files: number }> {
  await requireRate('elsewhere-by-person', requirePerson(actor));
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project } = await requireRight(tx, actor, 'elsewhere.manage', input.project);
    requireFresh(actor, now.getTime());
    await lockRow(tx, 'Project', project.name);
    const index = await tx.otherIndex.findUnique({ where: { projectName: project.name } });
    const versions = { projectName: project.name, version: input.version, publishedAt: { not: null } };
    const draft = await tx.draft.findFirst({ where: versions });
    if (index === null || draft === null) throw refuse('elsewhere.not-found', {});
    const hindrance = await hindranceElsewhere(tx, draft);
    if (hindrance !== null) throw refuse('elsewhere.not-now', { why: hindrance });
    const files = await queueFiles(work, index, draft.id);
    if (files === 0) throw refuse('elsewhere.not-now', { why: 'every file is there, or on its way' });
    const details = { host: new URL(index.url).host, version: draft.version, files };
    await work.record('elsewhere.sent', { project: project.name, draft: readDraftId(draft.id), details });
    return { files };
  });
}
