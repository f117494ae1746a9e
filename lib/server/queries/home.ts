// The page after sign-in: what needs me, what I am waiting for, what happened; and my projects and invitations.
// Trusts the actor it is given; reads only projects whose policy in force (or open policy) names the person.
import type { AccountName, DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import type { NeedMet } from '#lib/core/policy-chain.ts';
import type { DraftState } from '#lib/core/release.ts';
import type { HistoryLine } from './history-of.ts';

/** One draft in a list. `signed` of `required` people cover every file; `couldStillSign` have a usable key. */
export type DraftRow = {
  id: DraftId;
  project: ProjectName;
  version: Version;
  revision: number;
  state: DraftState;
  openedBy: AccountName;
  openedAt: Date;
  deadline: Date;
  publishedAt: Date | null;
  files: number;
  bytes: number;
  signed: number;
  required: number;
  counted: AccountName[];
  couldStillSign: AccountName[];
  /** The reader could sign and has not. */
  needsMe: boolean;
};

/** One open policy change in a list. */
export type PolicyRow = {
  project: ProjectName;
  version: number;
  proposedBy: AccountName;
  proposedAt: Date;
  needs: Pick<NeedMet, 'why' | 'counted' | 'required' | 'missing'>[];
  couldStillSign: AccountName[];
  needsMe: boolean;
};

export type ProjectRow = {
  name: ProjectName;
  role: Role;
  /** null: version 1 is not signed yet. */
  threshold: number | null;
  people: number;
  /** People of the policy with a key that is usable now. */
  usablePeople: number;
  openDrafts: number;
  latestRelease: { version: Version; publishedAt: Date } | null;
};

/** To one of my addresses, or accepted by me and not yet admitted. */
export type MyInvitation = {
  project: ProjectName;
  role: 'owner' | 'maintainer';
  invitedBy: AccountName;
  expiresAt: Date;
  state: 'open' | 'accepted';
};

export type Home = {
  person: AccountName;
  needsMe: { drafts: DraftRow[]; policies: PolicyRow[] };
  waitingForOthers: { drafts: DraftRow[]; policies: PolicyRow[] };
  happened: HistoryLine[];
  projects: ProjectRow[];
  invitations: MyInvitation[];
  /** Keys that can sign now; 0 means that the first step is to add one. */
  usableKeys: number;
};

/** Everything for the front page of a signed-in person. Refuses `person.sign-in-first`. */
export async function home(actor: Actor): Promise<Home> {
  throw new Error(`being written ${actor.kind}`);
}
