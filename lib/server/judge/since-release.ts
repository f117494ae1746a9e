// What a draft changes against the release before it, in sentences: for the mail that asks for a signature, for pages and programs. They are what is kept of
// the comparison (lib/server/changes); they decide nothing. Text of strangers in them is visible already.
import type { ChangeLine } from '#lib/changes/say-changes.ts';
import type { Version } from '#lib/core/ids.ts';
import { loadBaseRelease } from '#lib/server/changes/base-release.ts';
import { loadChanges } from '#lib/server/changes/load-changes.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { LoadedCase } from './load-case.ts';

/** `changes`: one line each, never empty. */
export type SinceRelease = { version: Version; changes: ChangeLine[] };

type Subject = { draft: Pick<LoadedCase['draft'], 'project' | 'version'>; files: LoadedCase['files'] };

/** Null: nothing of the project is published that it could be compared with. */
export async function loadSinceRelease(tx: Transaction, { draft, files }: Subject): Promise<SinceRelease | null> {
  const base = await loadBaseRelease(tx, draft.project, draft.version);
  if (base === null) return null;
  const now = files.map(({ name, sha256, row }) => ({ name, sha256, size: Number(row.size) }));
  const { lines } = await loadChanges(tx, base.files, now);
  return { version: base.version, changes: lines };
}
