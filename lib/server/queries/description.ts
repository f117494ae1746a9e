// The description of a release, for pages: of its first wheel that has one, else of its sdist. Text of strangers, with what it says it is written in.
import { readDescriptionType, type DescriptionType } from '#lib/python/description.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type ShownDescription = DescriptionType & {
  text: string;
  /** Characters that were not kept. */
  left: number;
  /** The file that it is from. */
  file: string;
};

/** Null: none of the files has one that is kept. */
export async function loadDescription(
  tx: Transaction,
  files: readonly { name: string; sha256: string }[],
): Promise<ShownDescription | null> {
  const rows = await tx.fileDescription.findMany({ where: { sha256: { in: files.map(({ sha256 }) => sha256) } } });
  const rank = (name: string): string => `${name.endsWith('.whl') ? 0 : 1}${name}`;
  const sorted = [...files].sort((one, other) => (rank(one.name) < rank(other.name) ? -1 : 1));
  for (const { name, sha256 } of sorted) {
    const row = rows.find((candidate) => candidate.sha256 === sha256);
    if (row) return { ...readDescriptionType(row.contentType), text: row.text, left: row.left, file: name };
  }
  return null;
}
