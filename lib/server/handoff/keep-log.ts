// The entries that a hand-back appends to the log, as rows: so that history and mails can name the log index of what they tell. Trusts the hand-back,
// whose index signature was checked; an entry that is here already stays as it is. Called in the change that places it, before anybody is told.
import { readDeclaration } from '#lib/core/declaration.ts';
import { readRecord } from '#lib/core/release.ts';
import { firstOfBundle, projectOf, readLogEntry, unpackEntries, type LogEvent } from '#lib/evidence/log-tree.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** Writes what is new of each bundle of entries; a bundle repeats the entries before its own. */
export async function keepLogEntries(tx: Transaction, { files }: Handback, knownAt: Date): Promise<void> {
  const data = [...files].flatMap(([place, bytes]) => {
    const first = firstOfBundle(place);
    if (first === null) return [];
    return unpackEntries(bytes).map((entry, at) => {
      const { event, path, sha256 } = readLogEntry(entry);
      const document = files.get(path);
      const state = document ? stateIn(event, document) : null;
      return { index: first + at, path, sha256, projectName: projectOf(path), state, knownAt };
    });
  });
  await tx.logEntry.createMany({ data, skipDuplicates: true });
}

/** What a record or declaration says happened, in one word of its format. */
function stateIn(event: LogEvent, document: Uint8Array): string | null {
  if (event === 'release') return stateOfRecord(document);
  if (event !== 'yank' && event !== 'status') return null;
  const declaration = readDeclaration(document);
  return declaration.type === 'countersign/yank' ? declaration.action : declaration.status;
}

function stateOfRecord(document: Uint8Array): string {
  const { state, yanked } = readRecord(document);
  return state === 'published' && yanked !== null ? 'yanked' : state;
}

/** The log index of a numbered document; null where it is not in the log. */
export async function logIndexOf(tx: Transaction, path: string): Promise<number | null> {
  const found = await tx.logEntry.findFirst({ where: { path }, select: { index: true } });
  return found?.index ?? null;
}
