// History as pages show it: of a project, a draft, a person. Details may carry hostile text; pages escape.
// Refuses (as "not found") whoever may not see what the entries are about.
import type { AccountName, DraftId, ProjectName } from '#lib/core/ids.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import type { HistoryEntry } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { readDetails } from '#lib/server/history/details.ts';
import { kindsSeenBy, sayKind, type HistoryKind } from '#lib/server/history/kinds.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';

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

const linesMost = 100;

/** Newest first, at most 100 entries older than `before` (an id). `person` is the reader. Refuses `…not-found`. */
export async function historyOf(actor: Actor, about: HistorySubject, before?: string): Promise<HistoryLine[]> {
  const { db } = runtime();
  const where = await whereOf(db, actor, about);
  const older = before !== undefined && /^\d{1,18}$/.test(before) ? { id: { lt: BigInt(before) } } : {};
  return loadHistory(db, { ...where, ...older });
}

type Where = { projectName?: string; draftId?: string; kind?: { in: HistoryKind[] }; OR?: object[] };

async function whereOf(tx: Transaction, actor: Actor, about: HistorySubject): Promise<Where> {
  if ('draft' in about) return { draftId: (await findDraft(tx, actor, 'project.see-drafts', about.draft)).row.id };
  if ('project' in about) {
    const { project, role } = await standingIn(tx, actor, about.project);
    return { projectName: project.name, ...(seesDrafts(role) ? {} : { kind: { in: kindsSeenBy('everybody') } }) };
  }
  const name = requirePerson(actor);
  return { OR: [{ personName: name }, { actor: name }] };
}

/** Entries as lines. Only for queries that have asked what the reader may see. */
export async function loadHistory(tx: Transaction, where: object, take = linesMost): Promise<HistoryLine[]> {
  const rows = await tx.historyEntry.findMany({ where, orderBy: { id: 'desc' }, take });
  return rows.map(asLine);
}

function asLine(row: HistoryEntry): HistoryLine {
  const kind = row.kind as HistoryKind;
  const details = readDetails(row.details);
  return {
    ...{ id: String(row.id), at: row.at, actor: row.actor, kind, via: row.via },
    says: sayKind(kind, details),
    project: row.projectName as ProjectName | null,
    draft: row.draftId as DraftId | null,
    person: row.personName as AccountName | null,
    details,
  };
}
