// The people of a project and, for its owners, the invitations with their addresses (maintainers see names and states only).
import type { AccountName, Fingerprint, ProjectName } from '#lib/core/ids.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import type { PolicyFacts, ProjectPerson } from './project-page.ts';

export type InvitationRow = {
  id: string;
  /** null for everybody but owners. */
  address: string | null;
  role: 'owner' | 'maintainer';
  invitedBy: AccountName;
  createdAt: Date;
  expiresAt: Date;
  state: 'open' | 'accepted' | 'expired' | 'revoked' | 'admitted';
  acceptedBy: AccountName | null;
  acceptedAt: Date | null;
  key: Fingerprint | null;
};

export type PeoplePage = {
  project: ProjectName;
  role: Role;
  people: ProjectPerson[];
  /** For people of the project; null for everybody else. */
  invitations: InvitationRow[] | null;
  /** What a proposal starts from; null while no policy is in force. */
  policy: PolicyFacts | null;
  /** Version of the open change, which must be signed or withdrawn before the next one. */
  openPolicy: number | null;
  may: { invite: boolean; propose: boolean };
};

/** Refuses `project.not-found`. */
export async function peoplePage(actor: Actor, project: string): Promise<PeoplePage> {
  throw new Error(`being written ${actor.kind} ${project}`);
}
