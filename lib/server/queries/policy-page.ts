// One policy of a project: its bytes, what it changes, who must sign it, who did. Those in force or superseded are public;
// an open one is for the people of the project. Every count comes from core's evaluatePolicy.
import type { AccountName, DraftId, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import type { NeedMet, Weakening } from '#lib/core/policy-chain.ts';
import type { Download } from './download.ts';
import type { SignatureLine, SigningPanel } from './signing-panel.ts';

/** One count to reach, in words and with its lines. */
export type PolicyNeed = {
  why: NeedMet['why'];
  /** "2 of the people of policy 1, because it weakens the rules" */
  says: string;
  required: number;
  counted: AccountName[];
  missing: number;
  lines: SignatureLine[];
};

/** One difference to the policy before: "Signatures each file needs", "2", "3". `before` is null for a first policy. */
export type PolicyChange = { what: string; before: string | null; after: string };

/** What the change would do to a draft that is open now. */
export type DraftEffect = { draft: DraftId; version: Version; signed: number; requiredNow: number; requiredThen: number; metThen: boolean };

export type PolicyPage = {
  project: ProjectName;
  role: Role;
  version: number;
  state: 'open' | 'in-force' | 'superseded' | 'withdrawn';
  proposedBy: AccountName;
  proposedAt: Date;
  effectiveAt: Date | null;
  sha256: Sha256;
  text: string;
  /** "Each file needs 2 of 3 people: ada, bo, chi." */
  sentences: string[];
  previousSentences: string[] | null;
  changes: PolicyChange[];
  weakenings: { kind: Weakening; says: string }[];
  needs: PolicyNeed[];
  met: boolean;
  couldStillSign: AccountName[];
  /** Warnings such as "The threshold is the number of usable keys: …". */
  warnings: string[];
  drafts: DraftEffect[];
  /** While open, for its people. */
  panel: SigningPanel | null;
  versions: { version: number; state: 'open' | 'in-force' | 'superseded'; effectiveAt: Date | null }[];
  may: { sign: boolean; withdraw: boolean; propose: boolean };
};

/** `version` undefined: the open one, else the one in force. Refuses `project.not-found`, `policy.not-found`. */
export async function policyPage(actor: Actor, project: string, version?: number): Promise<PolicyPage> {
  throw new Error(`being written ${actor.kind} ${project} ${version}`);
}

/** The document byte for byte, as `PROJECT-policy-N.json`. Refuses as policyPage does. */
export async function policyBytes(actor: Actor, project: string, version: number): Promise<Download> {
  throw new Error(`being written ${actor.kind} ${project} ${version}`);
}
