// Invitations by their secret: only its hash is in the row, so whoever reads the database cannot accept one.
import type { Fingerprint, ProjectName } from '#lib/core/ids.ts';
import type { Invitation as InvitationRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { loadPolicyInForce } from './load-policy.ts';

/** One open invitation a project and address. */
export const invitationSlot = (project: string, address: string): string => `${project}:${address}`;

/** The invitation that can still be accepted; null for a token that is unknown, used up, revoked or expired: all the same. */
export async function findOpenInvitation(tx: Transaction, token: string, now: Date): Promise<InvitationRow | null> {
  const where = { tokenHash: hashToken(token), acceptedAt: null, revokedAt: null, expiresAt: { gt: now } };
  return tx.invitation.findFirst({ where });
}

/** Keys with which nobody can come into this project again. */
export async function struckKeys(tx: Transaction, project: ProjectName): Promise<Fingerprint[]> {
  return (await loadPolicyInForce(tx, project))?.policy.struck.flatMap((entry) => entry.keys) ?? [];
}

export type InvitationState = 'open' | 'accepted' | 'expired' | 'revoked' | 'admitted';

/** The one word for an invitation at `now`. */
export function invitationState(row: InvitationRow, now: Date): InvitationState {
  if (row.admittedAt) return 'admitted';
  if (row.revokedAt) return 'revoked';
  if (row.acceptedAt) return 'accepted';
  return row.expiresAt <= now ? 'expired' : 'open';
}
