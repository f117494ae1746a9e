// One entry of history as people and programs read it: time, actor, sentence, release, way, reason, evidence. Made from a row and from what is
// known of the things it names; the reader's rights were asked before. Texts may carry what others typed; whoever shows them escapes.
import {
  readAccountName,
  readDraftId,
  readProjectName,
  type AccountName,
  type DraftId,
  type ProjectName,
  type Version,
} from '#lib/core/ids.ts';
import type { HistoryEntry } from '#lib/server/db/generated/client.ts';
import { numberIn, readDetails, textIn, type Details } from './details.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import { kindOf, sayKind } from './kinds.ts';

/** By which way it came. */
export type HistoryWay = 'browser' | 'link' | 'upload' | 'token' | 'jobs' | 'countersigner';

export type HistoryLine = {
  id: string;
  at: Date;
  /** An account name, or one of our programs in words. */
  actor: string;
  kind: string;
  /** Stands behind the actor: "signed revision 3". */
  says: string;
  way: HistoryWay;
  /** What the token is called that was shown; null: none was, or it is not for this reader. */
  token: string | null;
  /** Why, or why not; null: nothing was said, or it is not for this reader. */
  reason: string | null;
  project: ProjectName | null;
  /** Only for readers who see drafts. */
  draft: DraftId | null;
  /** The version of the release that it is about. */
  release: Version | null;
  /** Whom it concerns, where that is somebody else. */
  person: AccountName | null;
  evidence: Evidence[];
  /** The entry's own page. */
  permalink: string;
};

/** To whom an entry is shown. */
export type HistoryReader = {
  /** The reader sees drafts, proposals and reasons of this project. */
  isInside: (project: ProjectName) => boolean;
  /** Under which address the entries stand: an account's own, or that of each project. */
  place: 'account' | 'project';
};

/** What rows say of the things that an entry names. */
export type NamedThings = {
  /** The version of a draft's release. */
  versionOf: (draft: string) => Version | null;
  /** The digest of the policy document of this number that this reader may open; null: none. */
  policyOf: (project: ProjectName, version: number) => string | null;
};

const programs: Record<string, string> = { '(jobs)': 'Countersign', '(countersigner)': 'The countersigner' };
const ways: Record<string, HistoryWay> = { web: 'browser', link: 'link', api: 'token', twine: 'token', jobs: 'jobs' };

function nameActor(actor: string, person: string | null): string {
  if (actor === '(visitor)') return person ?? 'Somebody';
  return programs[actor] ?? actor;
}

/** A signature says how it was made; everything else came through the door that the row names. */
function wayOf(via: string, details: Details): HistoryWay {
  const said = textIn(details, 'way');
  if (said === 'upload' || said === 'paste' || said === 'with-files') return 'upload';
  return ways[via] ?? 'countersigner';
}

/** The reason as it is told to this reader. */
function reasonOf(kind: string, details: Details, inside: boolean): string | null {
  if (!inside && kindOf(kind)?.reasonIsPublic !== true) return null;
  const said =
    textIn(details, 'says') ?? textIn(details, 'reason') ?? textIn(details, 'why') ?? textIn(details, 'words');
  const more = textIn(details, 'more');
  return more === null ? said : `${said ?? ''} ${more}`.trim();
}

/** What an entry names, as checked types. */
function namedBy({ projectName, draftId, personName }: HistoryEntry, actor: string) {
  return {
    project: projectName === null ? null : readProjectName(projectName),
    draft: draftId === null ? null : readDraftId(draftId),
    person: personName === null || personName === actor ? null : readAccountName(personName),
  };
}

/** The entry of a row. */
export function asLine(row: HistoryEntry, things: NamedThings, reader: HistoryReader): HistoryLine {
  const { id, at, kind } = row;
  const details = readDetails(row.details);
  const actor = nameActor(row.actor, row.personName);
  const { project, draft, person } = namedBy(row, actor);
  const inside = project === null ? reader.place === 'account' : reader.isInside(project);
  const release = draft && things.versionOf(draft);
  const number = numberIn(details, 'version');
  const policySha256 = project !== null && number !== null ? things.policyOf(project, number) : null;
  return {
    ...{ id: String(id), at, actor, kind, project, release, person },
    says: sayKind(kind, details, person),
    way: wayOf(row.via, details),
    token: inside ? textIn(details, 'byToken') : null,
    reason: reasonOf(kind, details, inside),
    draft: inside ? draft : null,
    evidence: evidenceOf({ kind, details, project, draft, version: release, policySha256, inside }),
    permalink: permalinkOf(reader.place === 'account' ? null : project, id),
  };
}

const permalinkOf = (project: ProjectName | null, id: bigint): string =>
  `${project === null ? '/account' : `/projects/${project}`}/history/${id}`;

/** The whole sentence, as it stands in a file: "ada signed revision 3 of sunrise 1.2.0." */
export function saySentence({ actor, says, project, release }: HistoryLine): string {
  const about = project === null ? '' : release === null ? ` (${project})` : ` (${project} ${release})`;
  return `${actor} ${says}${about}`;
}
