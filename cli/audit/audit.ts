// Everything that an index serves against everything that its log tells. First the log is held to what was seen before (cli/index/log.ts); then each document, list
// and page must follow from its entries. Answers the differences; what cannot be compared at all is a refusal.
import { readFields, readList } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import { sameBytes } from '#lib/core/bytes.ts';
import type { LogQuestion } from '#lib/evidence/check-log.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { listJsonPath } from '#lib/evidence/index-tree.ts';
import type { IndexReader } from '#cli/index/fetch-index.ts';
import { requireInLog, type InLog } from '#cli/index/log.ts';
import { asDifference, difference, type Difference } from './difference.ts';
import { checkNumbers, fetchDocuments } from './documents.ts';
import { auditProject } from './project.ts';
import { readWholeLog, type Told } from './whole-log.ts';

export type AuditQuestion = LogQuestion & {
  /** Empty: all. */
  projects: readonly ProjectName[];
  withFiles: boolean;
  now: number;
};

export type Audit = { log: InLog; projects: ProjectName[]; documents: number; differences: Difference[] };

const looksMost = 3;

/**
 * The audit of one moment: where something is different and the log has grown meanwhile, it is done again. Refuses what requireInLog and readWholeLog
 * refuse, and `audit.no-such-project`.
 */
export async function auditIndex(open: () => IndexReader, question: AuditQuestion): Promise<Audit> {
  for (let looks = 1; ; looks += 1) {
    const index = open();
    const audit = await auditOnce(index, question);
    const served = await index.read(checkpointPath);
    const isSame = served !== null && sameBytes(served, audit.log.bytes);
    if (audit.differences.length === 0 || isSame || looks === looksMost) return audit;
  }
}

async function auditOnce(index: IndexReader, question: AuditQuestion): Promise<Audit> {
  const log = await requireInLog(index, question, []);
  const read = (path: string) => index.read(path);
  const whole = await readWholeLog(read, log.note.checkpoint);
  const known = [...new Set(whole.entries.flatMap(({ project }) => project ?? []))].sort();
  const unknown = question.projects.find((project) => !known.includes(project));
  if (unknown) throw refuse('audit.no-such-project', { project: unknown });
  const projects = question.projects.length > 0 ? [...question.projects].sort() : known;
  const told = whole.entries.filter(({ project }) => project === null || projects.includes(project));
  const documents = await fetchDocuments(read, told);
  const { indexKey, withFiles, now } = question;
  const found: Difference[] = [];
  for (const project of projects) {
    const own = told.filter((entry) => entry.project === project);
    found.push(...(await auditProject({ index, indexKey, project, told: own, documents, withFiles, now })));
  }
  const list = question.projects.length > 0 ? [] : await checkProjectList(index, whole.entries);
  const differences = [...whole.differences, ...checkNumbers(told), ...documents.differences, ...list, ...found];
  return { log, projects, documents: new Set(told.map(({ path }) => path)).size, differences };
}

/** The list of projects names those that have published something, and no others. */
async function checkProjectList(index: IndexReader, told: readonly Told[]): Promise<Difference[]> {
  const published = new Set(told.filter(({ event }) => event === 'release').map(({ project }) => project));
  const bytes = await index.read(listJsonPath);
  if (!bytes) return [difference('not-served', listJsonPath, 'There is no list of projects.')];
  const listed = new Set<ProjectName | null>();
  const unreadable = await asDifference('unreadable', listJsonPath, () => {
    for (const project of readProjects(bytes)) listed.add(project);
  });
  if (unreadable.length > 0) return unreadable;
  return [
    ...[...published]
      .filter((project) => !listed.has(project))
      .map((project) => difference('page', listJsonPath, `It leaves out ${String(project)}.`)),
    ...[...listed]
      .filter((project) => !published.has(project))
      .map((project) => difference('page', listJsonPath, `It names ${String(project)}, which published nothing.`)),
  ];
}

const projectsMost = 1_000_000;

function readProjects(bytes: Uint8Array): ProjectName[] {
  return readList(readFields(parse(bytes), 'a list of projects')['projects'], 'the projects', projectsMost, (entry) =>
    readProjectName(readFields(entry, 'a project')['name']),
  );
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw refuse('page.malformed', { why: 'it is not JSON' }, cause);
  }
}
