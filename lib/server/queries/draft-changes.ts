// What changed in a draft, for its people: against the release before it, and against its own revision before. All of it was compared earlier; here it is only
// read, one file's details at a time. Text of strangers in it is visible already.
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { FileDetails } from '#lib/changes/compare-files.ts';
import type { ChangeLine, ComparedPair } from '#lib/changes/say-changes.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { asComparable, loadBaseRelease, type ComparableFile } from '#lib/server/changes/base-release.ts';
import { isIn } from '#lib/server/changes/fill-comparisons.ts';
import { loadChanges } from '#lib/server/changes/load-changes.ts';
import { comparisonFormat } from '#lib/server/changes/make-comparison.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ChangesWanted = {
  against: 'release' | 'revision';
  /** Which file's details, by its place in the list; one that is not there is answered by the first. */
  file: number;
};

export type DraftChanges = {
  project: ProjectName;
  version: Version;
  revision: number;
  /** What it is compared with: a version, or `revision 2`; null: there is nothing to compare it with. */
  against: string | null;
  /** Whether there is a revision before, and a release before. */
  has: { release: boolean; revision: boolean };
  lines: ChangeLine[];
  /** Each file now beside the one before it. */
  pairs: ComparedPair[];
  /** Of the file that was asked for; null: the same bytes, not compared yet, or it could not be compared. */
  details: FileDetails | null;
};

type Side = { name: string; files: ComparableFile[] };

/** Refuses `draft.not-found`, `person.sign-in-first`. */
export async function draftChanges(actor: Actor, id: string, wanted: ChangesWanted): Promise<DraftChanges> {
  const { db } = runtime();
  const { row } = await findDraft(db, actor, 'project.see-drafts', id);
  const { project, version, revision } = draftFacts(row);
  const rows = await db.draftFile.findMany({ where: { draftId: row.id }, orderBy: { name: 'asc' } });
  const filesOf = (number: number): ComparableFile[] => rows.filter((file) => isIn(file, number)).map(asComparable);
  const base = await loadBaseRelease(db, project, version);
  const sides: Record<ChangesWanted['against'], Side | null> = {
    release: base && { name: base.version, files: base.files },
    revision: revision > 1 ? { name: `revision ${revision - 1}`, files: filesOf(revision - 1) } : null,
  };
  const before = sides[wanted.against];
  const now = filesOf(revision);
  const { lines, pairs } = before ? await loadChanges(db, before.files, now) : { lines: [], pairs: [] };
  return {
    ...{ project, version, revision, lines, pairs, against: before?.name ?? null },
    has: { release: sides.release !== null, revision: sides.revision !== null },
    details: before && (await loadDetails(pairs[wanted.file] ?? pairs[0], before.files, now)),
  };
}

async function loadDetails(
  pair: ComparedPair | undefined,
  before: readonly ComparableFile[],
  now: readonly ComparableFile[],
): Promise<FileDetails | null> {
  const [was, is] = [
    before.find(({ name }) => name === pair?.before)?.sha256,
    now.find(({ name }) => name === pair?.file)?.sha256,
  ];
  if (was === undefined || is === undefined) return null;
  const row = await runtime().db.fileComparison.findFirst({
    where: { beforeSha256: was, afterSha256: is, format: comparisonFormat },
    select: { details: true },
  });
  if (!row?.details) return null;
  const json = await promisify(gunzip)(row.details, { maxOutputLength: limits.comparisonDetailsBytesMax });
  return JSON.parse(json.toString('utf8')) as FileDetails;
}
