// What must hold of the files of one draft: all of the project, all of one version, each name once, and no name that was published
// with other content (a name never carries other bytes: threats.md, 44).
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { InspectedFile } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';

export type DraftRelease = { project: ProjectName; version: Version; versionKey: string };

/** Refuses `draft.other-project`, `draft.other-version`, `draft.same-name-twice`, `draft.too-many-files`. */
export function requireOneRelease(release: DraftRelease, files: readonly InspectedFile[]): void {
  const { project, version } = release;
  for (const file of files) {
    if (file.project !== project)
      throw refuse('draft.other-project', { name: file.name, found: file.project, project });
    if (file.versionKey !== release.versionKey)
      throw refuse('draft.other-version', { name: file.name, found: file.version, version });
  }
  const names = files.map((file) => file.name.toLowerCase());
  const twice = files.find((_, at) => names.indexOf(names[at] ?? '') !== at);
  if (twice) throw refuse('draft.same-name-twice', { name: twice.name });
  requireFewEnough(files.length);
}

/** Refuses `draft.too-many-files`. */
export function requireFewEnough(count: number): void {
  if (count > limits.filesPerDraftMax) throw refuse('draft.too-many-files', { most: limits.filesPerDraftMax });
}

/** Refuses `file.name-taken` for a name that was published with other bytes. */
export async function requireNamesFree(
  tx: Transaction,
  files: readonly { name: string; sha256: string }[],
): Promise<void> {
  const published = await tx.publishedFile.findMany({ where: { name: { in: files.map((file) => file.name) } } });
  const taken = published.find((row) => files.some((file) => file.name === row.name && file.sha256 !== row.sha256));
  if (taken) throw refuse('file.name-taken', { name: taken.name });
}

/** Refuses `project.not-active`: an archived or quarantined project takes no files (PEP 792). */
export async function requireActive(tx: Transaction, project: ProjectName): Promise<void> {
  const { status } = await tx.project.findUniqueOrThrow({ where: { name: project }, select: { status: true } });
  if (status !== 'active') throw refuse('project.not-active', { project, status });
}
