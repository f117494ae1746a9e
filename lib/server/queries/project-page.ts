// A project: what everybody may know (policy in force, people, releases) and, for its people, the open drafts.
// A project without a policy in force exists only for its founder.
import type { AccountName, DraftId, Fingerprint, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { KeyState } from '#lib/core/key.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import type { DraftRow, PolicyRow } from './home.ts';

export type ProjectPerson = {
  name: AccountName;
  role: 'owner' | 'maintainer';
  keys: { fingerprint: Fingerprint; state: KeyState | 'unknown' }[];
  /** At least one key is usable now. */
  canSign: boolean;
};

export type PolicyFacts = {
  version: number;
  sha256: Sha256;
  effectiveAt: Date;
  threshold: number;
  ownerThreshold: number;
  openerCounts: boolean;
  waitHours: number;
  fileSignatures: boolean;
  people: ProjectPerson[];
};

export type ReleaseRow = {
  version: Version;
  publishedAt: Date;
  state: 'published' | 'quarantined';
  files: { name: string; sha256: Sha256; size: number }[];
  /** Only for people of the project. */
  draft: DraftId | null;
};

export type ProjectPage = {
  name: ProjectName;
  createdBy: AccountName;
  createdAt: Date;
  role: Role;
  policy: PolicyFacts | null;
  /** For people of the project: the change that waits for signatures. */
  openPolicy: PolicyRow | null;
  /** For people of the project, newest first; published ones are under `releases`. null for everybody else. */
  drafts: DraftRow[] | null;
  releases: ReleaseRow[];
  may: { openDraft: boolean; invite: boolean; propose: boolean };
};

/** Refuses `project.not-found`. Another spelling of the name is a redirect's business: compare `name` with the address. */
export async function projectPage(actor: Actor, name: string): Promise<ProjectPage> {
  throw new Error(`being written ${actor.kind} ${name}`);
}
