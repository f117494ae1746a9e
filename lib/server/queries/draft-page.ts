// A draft as its people see it: what is signed, the files, who signed, who can still sign, what happened. Every number
// comes from one verdict (judge/load-case.ts). To everybody else a draft does not exist: the same "not found".
import type { AccountName, DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import type { DraftState } from '#lib/core/release.ts';
import type { Verdict } from '#lib/core/verdict.ts';
import type { Download } from './download.ts';
import type { HistoryLine } from './history-of.ts';
import type { SignatureLine, SigningPanel } from './signing-panel.ts';

export type DraftFileRow = {
  name: FileName;
  kind: 'wheel' | 'sdist';
  size: number;
  sha256: Sha256;
  blake2b256: string;
  requiresPython: string | null;
  summary: string | null;
  addedBy: AccountName;
  addedAt: Date;
  since: number;
  /** People who cover this file, and how many it still lacks. */
  counted: AccountName[];
  missing: number;
  path: string;
};

export type EarlierRevision = {
  number: number;
  sha256: Sha256;
  createdAt: Date;
  createdBy: AccountName;
  signedBy: AccountName[];
  /** "added …", "replaced …", "removed …" in the revision after it. */
  changes: string[];
};

/** How the countersigner stands to an approved or published draft. */
export type Countersigning = {
  state: 'none' | 'awaiting' | 'refused' | 'published';
  /** What it last said, when. */
  says: string | null;
  at: Date | null;
  /** When the countersigner was last heard of at all. */
  seenAt: Date | null;
};

export type DraftPage = {
  id: DraftId;
  project: ProjectName;
  version: Version;
  revision: number;
  state: DraftState;
  role: Role;
  openedBy: AccountName;
  openedAt: Date;
  deadline: Date;
  approvedAt: Date | null;
  publishedAt: Date | null;
  statement: { text: string; sha256: Sha256; size: number; fileName: string; path: string };
  files: DraftFileRow[];
  bytes: number;
  verdict: Pick<Verdict, 'met' | 'required' | 'counted' | 'missing' | 'couldStillSign' | 'perFile'>;
  policy: { version: number; threshold: number; fileSignatures: boolean; openerCounts: boolean };
  /** One line a required signature: signed ones first, then open ones; signatures that stopped counting are struck. */
  lines: SignatureLine[];
  /** People of the policy who cannot fill a line, with the reason: "chi: key … expired". */
  cannotSign: { name: AccountName; why: string }[];
  countersigning: Countersigning;
  panel: SigningPanel | null;
  may: { sign: boolean; changeFiles: boolean; withdraw: boolean };
  history: HistoryLine[];
  earlier: EarlierRevision[];
};

/** Refuses `draft.not-found` (also for whoever may not see it) and `person.sign-in-first`. */
export async function draftPage(actor: Actor, id: string): Promise<DraftPage> {
  throw new Error(`being written ${actor.kind} ${id}`);
}

/** The statement of a revision (default: the current one) byte for byte, as `PROJECT-VERSION.rN.SHA256SUMS`. */
export async function statementBytes(actor: Actor, id: string, revision?: number): Promise<Download> {
  throw new Error(`being written ${actor.kind} ${id} ${revision}`);
}

/** Where a file of the current revision is on disk. Refuses `draft.not-found`, `file.not-found`. */
export async function draftFile(actor: Actor, id: string, name: string): Promise<{ name: FileName; path: string; size: number; sha256: Sha256 }> {
  throw new Error(`being written ${actor.kind} ${id} ${name}`);
}

