// What a project has published, as everybody may know it: by the newest countersigned record of each release, as far as it has come back.
// What is yanked or quarantined stays in the list, with its reason; nothing of it is private.
import {
  readAccountName,
  readDraftId,
  readSha256,
  readVersion,
  type AccountName,
  type DraftId,
  type ProjectName,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import type { Draft, DraftFile, Signature } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadCases } from '#lib/server/judge/load-case.ts';
import { runtime } from '#lib/server/runtime.ts';
import { quarantineOf, type Quarantine } from './quarantine.ts';

export type ReleaseRow = {
  version: Version;
  publishedAt: Date;
  state: 'published' | 'yanked' | 'quarantined';
  /** Why it is yanked or quarantined, as the record says it; null: it is neither. */
  reason: string | null;
  /** Since when, what keeps it and who brings it back; null: it is not quarantined. */
  quarantine: Quarantine | null;
  /** Since when it has fewer signatures that count than it needs; null: it has enough. */
  belowSince: Date | null;
  /** The newest record: the policy that it names, how many people that demands, whose signatures. null: it has not come back yet. */
  record: { serial: number; policy: number; threshold: number; signedBy: AccountName[] } | null;
  /** Somebody signed the statement (and not only single files): SHA256SUMS.asc is served. */
  hasSignedStatement: boolean;
  files: { name: string; sha256: Sha256; size: number }[];
  /** Only for people of the project. */
  draft: DraftId | null;
};

type Thresholds = ReadonlyMap<number, number>;
type Row = Draft & { files: DraftFile[]; signatures: Pick<Signature, 'personName' | 'recordSerial' | 'subject'>[] };

/** Newest first; all of them or, with `version`, that one. Only for queries that have asked what the reader may see. */
export async function loadReleases(
  tx: Transaction,
  project: ProjectName,
  isInside: boolean,
  version?: string,
): Promise<ReleaseRow[]> {
  const ofVersion = version === undefined ? {} : { version };
  const where = { projectName: project, state: { in: ['published', 'quarantined'] }, ...ofVersion };
  const rows = await tx.draft.findMany({
    where,
    include: {
      files: { where: { until: null }, orderBy: { name: 'asc' } },
      signatures: {
        where: { recordSerial: { not: null } },
        select: { personName: true, recordSerial: true, subject: true },
      },
    },
    orderBy: { publishedAt: 'desc' },
  });
  const policies = await tx.policy.findMany({
    where: { projectName: project, chainSlot: { not: null } },
    select: { version: true, threshold: true },
  });
  const thresholds = new Map(policies.map(({ version, threshold }) => [version, threshold]));
  const fallen = rows.filter((row) => row.state === 'quarantined');
  const cases = await loadCases(tx, fallen, runtime().clock.now());
  const quarantines = new Map(cases.map((one) => [one.draft.id as string, quarantineOf(one)]));
  return rows.map((row) => ({ ...asRelease(row, thresholds, isInside), quarantine: quarantines.get(row.id) ?? null }));
}

function asRelease(row: Row, thresholds: Thresholds, isInside: boolean): Omit<ReleaseRow, 'quarantine'> {
  const { belowSince, yankedReason, quarantineReason } = row;
  const state = row.state === 'quarantined' ? 'quarantined' : yankedReason === null ? 'published' : 'yanked';
  return {
    ...{ state, belowSince },
    version: readVersion(row.version),
    publishedAt: row.publishedAt ?? row.openedAt,
    reason: state === 'quarantined' ? quarantineReason : yankedReason,
    record: recordOf(row, thresholds),
    hasSignedStatement: row.signatures.some((signature) => signature.subject === 'statement'),
    files: row.files.map((file) => ({ name: file.name, sha256: readSha256(file.sha256), size: Number(file.size) })),
    draft: isInside ? readDraftId(row.id) : null,
  };
}

function recordOf({ recordSerial, recordPolicy, signatures }: Row, thresholds: Thresholds): ReleaseRow['record'] {
  if (recordSerial === null || recordPolicy === null) return null;
  const threshold = thresholds.get(recordPolicy) ?? 1;
  const named = signatures.filter((signature) => signature.recordSerial === recordSerial);
  const signedBy = [...new Set(named.map(({ personName }) => readAccountName(personName)))].sort();
  return { serial: recordSerial, policy: recordPolicy, threshold, signedBy };
}
