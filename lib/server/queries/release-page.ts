// One published release, as everybody may know it: who signed which files under which policy, its standing, and where its evidence is. What is yanked or
// quarantined has its page as well; a draft has none.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { bundleAddress, bundleName } from '#lib/evidence/bundle-places.ts';
import { statementPath } from '#lib/evidence/index-tree.ts';
import { recordPath } from '#lib/simple/page.ts';
import { logIndexOf } from '#lib/server/handoff/keep-log.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadDescription, type ShownDescription } from './description.ts';
import { loadElsewhere, type ElsewhereRelease } from './elsewhere-page.ts';
import { loadRebuilds, type RebuildLine } from './rebuilds.ts';
import { loadReleases, type ReleaseRow } from './releases.ts';

export type ReleasePage = ReleaseRow & {
  project: ProjectName;
  /** Addresses of its documents in the index; `record` null: it has not come back yet. */
  evidence: { bundle: string; bundleName: string; statement: string; record: string | null };
  description: ShownDescription | null;
  /** What its people got who rebuilt the files; it counts for nothing. */
  rebuilds: RebuildLine[];
  /** For its people: where it went besides this index; null: nowhere, or the reader is somebody else. */
  elsewhere: ElsewhereRelease | null;
  /** The number of the record's entry in the log; null: none was told yet. */
  logIndex: number | null;
};

/** Refuses `project.not-found`, `release.not-found`. */
export async function releasePage(actor: Actor, name: string, version: string): Promise<ReleasePage> {
  const { db } = runtime();
  const { project, role } = await standingIn(db, actor, name);
  const [release] = await loadReleases(db, project.name, seesDrafts(role), version);
  if (!release) throw refuse('release.not-found', {});
  const record = release.record && recordPath(project.name, release.version, release.record.serial);
  return {
    ...{ ...release, project: project.name },
    evidence: {
      bundle: bundleAddress(project.name, release.version),
      bundleName: bundleName(project.name, release.version),
      statement: `/${statementPath(project.name, release.version)}`,
      record: record && `/${record}`,
    },
    description: await loadDescription(db, release.files),
    rebuilds: await rebuildsOf(project.name, release.version),
    elsewhere: release.draft === null ? null : await loadElsewhere(release.draft, release.version),
    logIndex: record === null ? null : await logIndexOf(db, record),
  };
}

async function rebuildsOf(projectName: ProjectName, version: string): Promise<RebuildLine[]> {
  const { db } = runtime();
  const where = { projectName, version, state: { in: ['published', 'quarantined'] } };
  const { id, revision } = draftFacts(await db.draft.findFirstOrThrow({ where }));
  return loadRebuilds(db, { id, revision });
}
