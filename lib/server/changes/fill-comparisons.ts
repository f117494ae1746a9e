// For jobs: comparisons of open drafts that are not there yet. Most are made when a file comes; this makes those between revisions, those against a release that
// was published while a draft was open, and those that were cut short by the end of a process.
import { readProjectName, readVersion, type ProjectName } from '#lib/core/ids.ts';
import type { DraftFile } from '#lib/server/db/generated/client.ts';
import { runtime } from '#lib/server/runtime.ts';
import { asComparable, loadBaseRelease, type ComparableFile } from './base-release.ts';
import { compareWithin, keepComparison } from './make-comparison.ts';

/** A step that looks only when a revision was written or a release published since it last did. */
export function comparisonFiller(): () => Promise<void> {
  let looked: string | null = null;
  return async () => {
    const { db } = runtime();
    const newest = await db.revision.aggregate({ _max: { createdAt: true }, _count: true });
    const published = await db.draft.aggregate({ _max: { publishedAt: true } });
    const mark = JSON.stringify([newest, published]);
    if (mark === looked) return;
    await fillComparisons();
    looked = mark;
  };
}

/** Every open draft against its release before, and against its revision before. */
export async function fillComparisons(): Promise<void> {
  const { db } = runtime();
  const drafts = await db.draft.findMany({
    where: { state: { in: ['draft', 'approved'] } },
    select: { projectName: true, version: true, revision: true, files: true },
    orderBy: { openedAt: 'asc' },
  });
  for (const { projectName, version, revision, files } of drafts) {
    const project = readProjectName(projectName);
    const now = files.filter((file) => isIn(file, revision)).map(asComparable);
    const base = await loadBaseRelease(db, project, readVersion(version));
    if (base !== null) await fill(project, base.files, now);
    const before = files.filter((file) => isIn(file, revision - 1)).map(asComparable);
    if (before.length > 0) await fill(project, before, now);
  }
}

async function fill(
  project: ProjectName,
  before: readonly ComparableFile[],
  now: readonly ComparableFile[],
): Promise<void> {
  for (const file of now) {
    const made = await compareWithin(project, before, file);
    if (made !== null) await keepComparison(runtime().db, made);
  }
}

/** Whether a file is part of this revision. */
export const isIn = ({ since, until }: Pick<DraftFile, 'since' | 'until'>, revision: number): boolean =>
  since <= revision && (until === null || until >= revision);
