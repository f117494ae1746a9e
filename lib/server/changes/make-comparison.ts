// Compares two files, once for each two digests, by the inspector's child. It decides nothing and refuses nobody: a comparison that cannot be made is kept with its
// reason, and people are told. Rows follow from bytes alone, so writing one twice, or in two processes, is the same.
import { pairFiles } from '#lib/changes/file-shapes.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { Prisma } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { inspection } from '#lib/server/inspector/inspection-limits.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadBaseRelease, type ComparableFile } from './base-release.ts';

/** Of what is kept in `summary` and `details`: raised when lib/changes says something else of the same files. */
export const comparisonFormat = 1;

/** What stands for a file where there is none like it. */
export const nothingBefore = 'nothing';

export type MadeComparison = Prisma.FileComparisonCreateManyInput;

/** A file that came for this version, against its counterpart in the release before; null: that is known, or there is none. Writes nothing. */
export async function compareWithBase(
  project: ProjectName,
  version: Version,
  file: ComparableFile,
): Promise<MadeComparison | null> {
  const base = await loadBaseRelease(runtime().db, project, version);
  return base === null ? null : compareWithin(project, base.files, file);
}

/** The same against its counterpart among these files. */
export async function compareWithin(
  project: ProjectName,
  before: readonly ComparableFile[],
  file: ComparableFile,
): Promise<MadeComparison | null> {
  const names = before.map(({ name }) => name);
  const counterpart = before.find(({ name }) => name === pairFiles(names, [file.name]).get(file.name)) ?? null;
  return counterpart?.sha256 === file.sha256 ? null : makeOnce(project, counterpart, file);
}

/** Keeps what was made, in the place of what an older program made. */
export async function keepComparison(tx: Transaction, made: MadeComparison): Promise<void> {
  const { beforeSha256, afterSha256 } = made;
  await tx.fileComparison.deleteMany({ where: { beforeSha256, afterSha256, format: { not: comparisonFormat } } });
  await tx.fileComparison.createMany({ data: [made], skipDuplicates: true });
}

async function makeOnce(
  project: ProjectName,
  before: ComparableFile | null,
  after: ComparableFile,
): Promise<MadeComparison | null> {
  const { db, clock } = runtime();
  const id = { beforeSha256: before?.sha256 ?? nothingBefore, afterSha256: after.sha256 };
  const known = await db.fileComparison.count({ where: { ...id, format: comparisonFormat } });
  if (known > 0) return null;
  const outcome = await outcomeOf(project, before, after);
  return outcome && { ...id, format: comparisonFormat, madeAt: clock.now(), ...outcome };
}

/** Null: not now, because the store does not answer. */
async function outcomeOf(project: ProjectName, before: ComparableFile | null, after: ComparableFile) {
  const { inspector, files } = runtime();
  const within = { ...inspection, millisecondsMax: limits.comparisonMs };
  try {
    const { summary, details } = await inspector.of(project).compare({
      before: before && { place: await files.local(before.sha256), name: before.name },
      after: { place: await files.local(after.sha256), name: after.name, limits: within },
    });
    return { summary, details: new Uint8Array(details) };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return fault.kind === 'unavailable' ? null : { failure: fault.message.slice(0, 500) };
  }
}
