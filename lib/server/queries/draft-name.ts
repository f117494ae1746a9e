// Which release a draft is, for pages beside its own. To everybody but its people a draft does not exist.
import { readProjectName, readVersion, type ProjectName, type Version } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Refuses `draft.not-found`, `person.sign-in-first`. */
export async function draftName(actor: Actor, id: string): Promise<{ project: ProjectName; version: Version }> {
  const { row } = await findDraft(runtime().db, actor, 'project.see-drafts', id);
  return { project: readProjectName(row.projectName), version: readVersion(row.version) };
}
