// What the countersigner remembers of one project, in a file of its own: when it first saw each signature and each draft, what was taken
// back, which policies it accepted, what it published. Nothing here comes from the web program's database; times are our own clock.
import { existsSync, readdirSync } from 'node:fs';
import {
  readProjectName,
  type DraftId,
  type FileName,
  type Instant,
  type ProjectName,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import type { ListedStatus } from '#lib/core/release-list.ts';
import type { Store } from './store.ts';

export type SeenSignature = { at: number; draft: DraftId | null };

export type DraftState = {
  firstSeen: number;
  /** What the web program called this state of the draft; as long as it stays the same there is nothing new to see. */
  mark: string;
  /** Our own first met verdict over this very statement; the waiting time runs from it. */
  met: { since: number; statement: Sha256 } | null;
  /** Signatures that were there at the last look, with the digest that each is over. */
  present: { id: Sha256; over: Sha256 }[];
};

export type PublishedRelease = {
  version: Version;
  draft: DraftId;
  /** Number and digest of its newest record. */
  serial: number;
  record: Sha256;
  statement: Sha256;
  /** Of its first record. */
  date: Instant;
};

export type ProjectState = {
  format: 1;
  project: ProjectName;
  /** SHA-256 of each accepted policy, version 1 first; their bytes are in our copy of the tree. */
  policies: Sha256[];
  listSerial: number;
  /** By the key of PEP 440 equality: 1.0 and 1.0.0 are one release. */
  releases: Record<string, PublishedRelease>;
  /** What an owner last declared of the project (PEP 792), with that document's digest; null: nothing was. */
  status: ListedStatus | null;
  /** For each subject the newest declaration of an owner: its number never goes back. */
  declared: Record<string, { number: number; sha256: Sha256 }>;
  /** Names once published, and what they carry for ever. */
  fileNames: Record<FileName, Sha256>;
  seen: Record<Sha256, SeenSignature>;
  takenBack: Sha256[];
  /** What the web program called the state of the project's certificates when we last asked for them. */
  mark: string;
  /** A policy or a certificate came, and the releases were not judged by it yet. */
  toJudge?: true;
  drafts: Record<DraftId, DraftState>;
};

const placeOf = (project: ProjectName): string => `projects/${project}.json`;

/** The state of a project; a new one where it was never met. */
export function readProjectState(store: Store, project: ProjectName): ProjectState {
  const bytes = store.read(placeOf(readProjectName(project)));
  if (bytes === null) return emptyProjectState(project);
  const state = JSON.parse(Buffer.from(bytes).toString('utf8')) as ProjectState;
  if (state.format !== 1 || state.project !== project)
    throw refuse('countersigner.settings', {
      why: `${store.at(placeOf(project))} is not a state that this version can read`,
    });
  // What an older version of this program did not know yet.
  return { ...emptyProjectState(project), ...state };
}

/** Every project that was ever met. */
export function projectsKnown(store: Store): ProjectName[] {
  const folder = store.at('projects');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return names.map((name) => readProjectName(name.slice(0, -'.json'.length))).sort();
}

export function emptyProjectState(project: ProjectName): ProjectState {
  return {
    format: 1,
    project,
    policies: [],
    listSerial: 0,
    releases: {},
    status: null,
    declared: {},
    fileNames: {},
    seen: {},
    takenBack: [],
    mark: '',
    drafts: {},
  };
}

/** The one file of a project, for a commit. */
export function renderProjectState(state: ProjectState): [place: string, bytes: Uint8Array] {
  return [placeOf(state.project), Buffer.from(`${JSON.stringify(state, null, 1)}\n`)];
}
