// What is kept of comparisons, for pages, mails and programs: the sentences of a draft against a release or against its revision before. Nothing is compared here.
import type { FileSummary } from '#lib/changes/compare-files.ts';
import { pairFiles } from '#lib/changes/file-shapes.ts';
import { sayChanges, type ChangeLine, type ComparedPair } from '#lib/changes/say-changes.ts';
import type { FileComparison } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { ComparableFile } from './base-release.ts';
import { comparisonFormat, nothingBefore } from './make-comparison.ts';

export type KnownChanges = {
  lines: ChangeLine[];
  pairs: ComparedPair[];
};

type Kept = Pick<FileComparison, 'beforeSha256' | 'afterSha256' | 'summary' | 'failure'>;

/** What changed from these files to those, as far as it is known. */
export async function loadChanges(
  tx: Transaction,
  before: readonly ComparableFile[],
  after: readonly ComparableFile[],
): Promise<KnownChanges> {
  const rows = await tx.fileComparison.findMany({
    where: {
      afterSha256: { in: after.map(({ sha256 }) => sha256) },
      beforeSha256: { in: [...before.map(({ sha256 }) => sha256), nothingBefore] },
      format: comparisonFormat,
    },
    select: { beforeSha256: true, afterSha256: true, summary: true, failure: true },
  });
  const names = pairFiles(
    before.map(({ name }) => name),
    after.map(({ name }) => name),
  );
  const pairs = after.map((file): ComparedPair => {
    const counterpart = before.find(({ name }) => name === names.get(file.name)) ?? null;
    return { file: file.name, before: counterpart?.name ?? null, outcome: outcomeOf(counterpart, file, rows) };
  });
  return { pairs, lines: sayChanges(pairs, before, after) };
}

function outcomeOf(
  before: ComparableFile | null,
  after: ComparableFile,
  rows: readonly Kept[],
): ComparedPair['outcome'] {
  if (before?.sha256 === after.sha256) return 'same';
  const key = before?.sha256 ?? nothingBefore;
  const row = rows.find(({ beforeSha256, afterSha256 }) => beforeSha256 === key && afterSha256 === after.sha256);
  if (row === undefined) return 'awaited';
  return row.failure === null ? (row.summary as unknown as FileSummary) : { failure: row.failure };
}
