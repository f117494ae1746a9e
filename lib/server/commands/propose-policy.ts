// Proposes the next policy: the one in force with some things changed. One open change a project.
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export type ProposePolicyInput = {
  project: string;
  /** Ids of accepted invitations whose people it adds. */
  admit?: string[];
  /** What stays undefined stays as it is. */
  threshold?: number;
  ownerThreshold?: number;
  openerCounts?: boolean;
  waitHours?: number;
  fileSignatures?: boolean;
};

export async function proposePolicy(actor: Actor, input: ProposePolicyInput): Promise<{ project: ProjectName; version: number }> {
  throw new Error(`being written ${actor.kind} ${input.project}`);
}
