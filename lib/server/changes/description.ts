// The description in the metadata of a file, for pages: kept with the file, by its digest. Text of strangers; pages show it as text or as elements.
import type { Sha256 } from '#lib/core/ids.ts';
import { readDescription } from '#lib/python/description.ts';
import type { CoreMetadata } from '#lib/python/metadata.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';

export type Description = { contentType: string | null; text: string; left: number };

/** Null: it has none. */
export function descriptionOf(metadata: CoreMetadata): Description | null {
  const { text, left } = readDescription(metadata, limits.descriptionCharactersMax);
  const contentType = metadata.descriptionContentType?.slice(0, 200) ?? null;
  return text === '' ? null : { contentType, text, left };
}

/** Writing it twice is the same: it follows from the bytes. */
export async function keepDescription(
  tx: Transaction,
  sha256: Sha256,
  description: Description,
  now: Date,
): Promise<void> {
  await tx.fileDescription.createMany({ data: [{ sha256, ...description, madeAt: now }], skipDuplicates: true });
}
