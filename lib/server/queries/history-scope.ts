// Which entries of history a reader may see, as a condition on rows: asked first by everything that reads a timeline. Who may not see what
// it is about gets the answer of something that is not there; visitors see of a project what is public (kinds.ts).
import type { ProjectName } from '#lib/core/ids.ts';
import { readProjectName } from '#lib/core/ids.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { versionKey } from '#lib/python/versions.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { whereOfFilter, type HistoryFilter, type HistoryWhere } from '#lib/server/history/filter.ts';
import { kindsSeenBy, type HistoryKind } from '#lib/server/history/kinds.ts';
import type { HistoryReader } from '#lib/server/history/line.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';

/** `person`: the account of whoever asks. */
export type HistorySubject = { project: string } | { draft: string } | { person: true };

export type HistoryScope = {
  where: HistoryWhere;
  reader: HistoryReader;
  kinds: HistoryKind[];
  /** null: the timeline of an account. */
  project: ProjectName | null;
  isInside: boolean;
};

type Subject = Omit<HistoryScope, 'kinds'>;

/** What this reader may see of the subject, and of that what the filter asks for. Refuses `…not-found`, `person.sign-in-first`. */
export async function openHistory(
  tx: Transaction,
  actor: Actor,
  about: HistorySubject,
  filter?: HistoryFilter,
): Promise<HistoryScope> {
  const subject = await openSubject(tx, actor, about);
  const kinds = kindsSeenBy(...seenFrom(subject));
  const drafts = filter?.release ? await loadDraftIds(tx, subject, versionKey(filter.release)) : null;
  const wanted = filter === undefined ? {} : whereOfFilter(filter, drafts);
  return { ...subject, kinds, where: { AND: [subject.where, { kind: { in: kinds } }, wanted] } };
}

function seenFrom({ project, isInside }: Subject): Parameters<typeof kindsSeenBy> {
  if (project === null) return ['everybody', 'people', 'account'];
  return isInside ? ['everybody', 'people'] : ['everybody'];
}

async function openSubject(tx: Transaction, actor: Actor, about: HistorySubject): Promise<Subject> {
  if ('person' in about) return openAccount(tx, actor);
  if ('draft' in about) {
    const { row } = await findDraft(tx, actor, 'project.see-drafts', about.draft);
    return { ...inProject(readProjectName(row.projectName), true), where: { draftId: row.id } };
  }
  const { project, role } = await standingIn(tx, actor, about.project);
  return inProject(project.name, seesDrafts(role));
}

const inProject = (project: ProjectName, isInside: boolean): Subject => ({
  ...{ project, isInside, where: { projectName: project } },
  reader: { isInside: () => isInside, place: 'project' },
});

async function openAccount(tx: Transaction, actor: Actor): Promise<Subject> {
  const name = requireOwn(actor, 'account');
  const rows = await tx.membership.findMany({ where: { personName: name }, select: { projectName: true } });
  const projects = new Set(rows.map((row) => row.projectName));
  // A try that was refused is told to the project. To whoever is outside it would tell that there is something at the address they tried.
  const outside = { kind: 'change.refused', projectName: { notIn: [...projects] } };
  return {
    ...{ project: null, isInside: true, where: { OR: [{ personName: name }, { actor: name }], NOT: outside } },
    reader: { isInside: (project) => projects.has(project), place: 'account' },
  };
}

/** Drafts of a version, however often it was opened; to visitors only what was published exists. */
async function loadDraftIds(tx: Transaction, { project, isInside }: Subject, version: string): Promise<string[]> {
  if (project === null) return [];
  const where = {
    projectName: project,
    versionKey: version,
    ...(isInside ? {} : { publishedAt: { not: null } }),
  };
  return (await tx.draft.findMany({ where, select: { id: true } })).map((row) => row.id);
}
