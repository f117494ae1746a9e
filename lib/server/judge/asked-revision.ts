// What a mail tells about the revision that somebody is asked to sign: its statement, its files, what changed since the last release and what the checks found.
// One text of facts for every letter that asks for a signature.
import type { DraftId, FileName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { ToldFindings } from '#lib/server/mail/letters/findings.ts';
import { loadDraftFindings, tellFindings } from './draft-findings.ts';
import type { LoadedCase } from './load-case.ts';
import { loadSinceRelease, type SinceRelease } from './since-release.ts';
import type { WrittenStatement } from './write-revision.ts';

export type AskedRevision = {
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  deadline: Date;
  statement: { sha256: Sha256; size: number };
  files: readonly { name: FileName; size: number; sha256: Sha256 }[];
  since: SinceRelease | null;
  findings: ToldFindings;
};

/** Of a draft whose newest revision has this statement. */
export async function loadAskedRevision(
  tx: Transaction,
  loaded: LoadedCase,
  statement: WrittenStatement,
): Promise<AskedRevision> {
  const { project, version, id: draft, revision, deadline } = loaded.draft;
  return {
    ...{ project, version, draft, revision, deadline, statement },
    files: loaded.files.map(({ name, sha256, row }) => ({ name, sha256, size: Number(row.size) })),
    since: await loadSinceRelease(tx, loaded),
    findings: tellFindings(await loadDraftFindings(tx, loaded)),
  };
}
