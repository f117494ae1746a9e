// What pages say of a quarantined release: since when, why (the countersigned record's own words), and who brings it back. The
// sentences are core's, the same in mail and client.
import { sayKept, sayWayBack } from '#lib/core/quarantine.ts';
import type { LoadedCase } from '#lib/server/judge/load-case.ts';

export type Quarantine = { since: Date; reason: string; kept: string; wayBack: string };

/** null for what is not quarantined. */
export function quarantineOf({ draft, verdict }: Pick<LoadedCase, 'draft' | 'verdict'>): Quarantine | null {
  const { quarantinedAt, quarantineReason } = draft.row;
  if (quarantinedAt === null || quarantineReason === null) return null;
  return { since: quarantinedAt, reason: quarantineReason, kept: sayKept, wayBack: sayWayBack(verdict) };
}
