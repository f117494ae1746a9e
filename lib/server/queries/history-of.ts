// History as pages show it: of a project, a draft, a person. Details may carry hostile text; pages escape.
// Refuses (as "not found") whoever may not see what the entries are about.
import type { AccountName, DraftId, ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { HistoryKind } from '#lib/server/history/kinds.ts';

/** `actor` + `says` is the sentence: "ada" + "opened a draft". */
export type HistoryLine = {
  id: string;
  at: Date;
  actor: string;
  kind: HistoryKind;
  says: string;
  via: string;
  project: ProjectName | null;
  draft: DraftId | null;
  person: AccountName | null;
  details: Record<string, unknown>;
};

export type HistorySubject = { project: string } | { draft: string } | { person: true };

/** Newest first, at most 100 entries older than `before` (an id). `person` is the reader. Refuses `…not-found`. */
export async function historyOf(actor: Actor, about: HistorySubject, before?: string): Promise<HistoryLine[]> {
  throw new Error(`being written ${actor.kind} ${JSON.stringify(about)} ${before}`);
}
