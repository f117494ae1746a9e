// Drafts as lists show them, each with the numbers of its own verdict. Only for queries that asked what the reader may see.
// Order: deadline first, then age.
import { readAccountName, type AccountName, type DraftId, type ProjectName, type Version } from '#lib/core/ids.ts';
import type { DraftState } from '#lib/core/release.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadCases, type LoadedCase } from '#lib/server/judge/load-case.ts';
import { leftQuarantined } from '#lib/server/judge/release-fates.ts';

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
  /** Whose declines stand. */
  declinedBy: AccountName[];
  /** The reader could sign and has not. */
  needsMe: boolean;
};

export type DraftRowsWanted = {
  projects: readonly ProjectName[];
  states: readonly DraftState[];
  reader: AccountName | null;
  now: Date;
};

const rowsMost = 200;

/** The drafts of these projects in these states, those with the nearest deadline first. */
export async function loadDraftRows(tx: Transaction, wanted: DraftRowsWanted): Promise<DraftRow[]> {
  const where = { projectName: { in: [...wanted.projects] }, state: { in: [...wanted.states] } };
  const rows = await tx.draft.findMany({ where, orderBy: [{ deadline: 'asc' }, { openedAt: 'asc' }], take: rowsMost });
  const fallen = rows.filter((row) => row.state === 'quarantined').map(({ id }) => id);
  const left = fallen.length === 0 ? new Set<string>() : await leftQuarantined(tx, fallen);
  return (await loadCases(tx, rows, wanted.now)).map((loaded) =>
    asDraftRow(loaded, left.has(loaded.draft.id) ? null : wanted.reader),
  );
}

/** `reader` null: nobody is asked. */
function asDraftRow({ draft, files, verdict, declines }: LoadedCase, reader: AccountName | null): DraftRow {
  const { id, project, version, revision, state, openedBy, openedAt, deadline, publishedAt } = draft;
  const { counted, required, couldStillSign } = verdict;
  return {
    ...{
      id,
      project,
      version,
      revision,
      state,
      openedBy,
      openedAt,
      deadline,
      publishedAt,
      counted,
      required,
      couldStillSign,
    },
    files: files.length,
    declinedBy: declines.map((row) => readAccountName(row.personName)),
    bytes: files.reduce((sum, file) => sum + Number(file.row.size), 0),
    signed: Math.min(counted.length, required),
    needsMe: (state === 'draft' || state === 'quarantined') && reader !== null && couldStillSign.includes(reader),
  };
}
