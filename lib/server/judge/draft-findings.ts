// What the checks say about the newest revision of a draft: of each file as it was kept, and of all files together; what an owner set aside
// stands there with the reason. The one list that the page, the mail and the status show. Texts are hostile.
import { readAccountName, type AccountName, type FileName } from '#lib/core/ids.ts';
import { visibleText } from '#lib/core/visible-text.ts';
import { checkRelease } from '#lib/python/check-release.ts';
import { checks, inOrder, type Finding } from '#lib/python/checks.ts';
import type { IgnoredFinding } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { ToldFindings } from '#lib/server/mail/letters/findings.ts';
import { readChecks } from './kept-checks.ts';
import type { LoadedCase } from './load-case.ts';
import { nearProject } from './near-project.ts';

/** Who set a finding aside, and why (hostile text). */
export type Ignored = { id: string; by: AccountName; at: Date; reason: string };

export type DraftFinding = Finding & {
  /** Null: it is about the files together. */
  file: FileName | null;
  /** What the check looks for. */
  looks: string;
  ignored: Ignored | null;
};

export type DraftFindings = {
  /** Warnings first; those that were set aside last. */
  list: DraftFinding[];
  warnings: number;
  notes: number;
  ignored: number;
  /** How many checks there are, and files from before they were kept. */
  checks: number;
  unchecked: number;
};

type Subject = Pick<LoadedCase, 'draft' | 'files'>;

/** Of the files of the newest revision. */
export async function loadDraftFindings(tx: Transaction, { draft, files }: Subject): Promise<DraftFindings> {
  const standing = await tx.ignoredFinding.findMany({ where: { draftId: draft.id, takenBackAt: null } });
  const read = files.map(({ name, row }) => ({ name, kind: kindOf(row.kind), kept: readChecks(row.checks) }));
  const together = read.map(({ name, kind, kept }) => ({ name, kind, described: kept?.described ?? null }));
  const all = [
    ...read.flatMap(({ name, kept }) => (kept?.findings ?? []).map((finding) => ({ ...finding, file: name }))),
    ...inOrder(checkRelease(draft.project, together, await nearProject(tx, draft.project))).map((finding) => ({
      ...finding,
      file: null,
    })),
  ];
  const list = all
    .map((finding) => withIgnored(finding, standing))
    .sort((one, other) => weightOf(one) - weightOf(other));
  const counted = list.filter(({ ignored }) => ignored === null);
  return {
    list,
    warnings: counted.filter(({ severity }) => severity === 'warning').length,
    notes: counted.filter(({ severity }) => severity === 'note').length,
    ignored: list.length - counted.length,
    checks: Object.keys(checks).length,
    unchecked: read.filter(({ kept }) => kept === null).length,
  };
}

const kindOf = (kind: string): 'wheel' | 'sdist' => (kind === 'wheel' ? 'wheel' : 'sdist');

function withIgnored(finding: Finding & { file: FileName | null }, standing: readonly IgnoredFinding[]): DraftFinding {
  const row = standing.find(({ code, place }) => code === finding.code && place === finding.where);
  const ignored = row && { id: row.id, by: readAccountName(row.ignoredBy), at: row.ignoredAt, reason: row.reason };
  return { ...finding, looks: checks[finding.code].looks, ignored: ignored ?? null };
}

const weightOf = ({ severity, ignored }: DraftFinding): number => (ignored ? 2 : severity === 'warning' ? 0 : 1);

/** `2 warnings, 1 note`; null: nothing was found. */
export function sayCounts({
  warnings,
  notes,
  ignored,
}: Pick<DraftFindings, 'warnings' | 'notes' | 'ignored'>): string | null {
  const parts = [
    ...(warnings > 0 ? [warnings === 1 ? '1 warning' : `${warnings} warnings`] : []),
    ...(notes > 0 ? [notes === 1 ? '1 note' : `${notes} notes`] : []),
    ...(ignored > 0 ? [`${ignored} set aside by an owner`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

const toldMost = 5;

/** For a mail: the worst first, five at most. */
export function tellFindings(findings: DraftFindings): ToldFindings {
  const open = findings.list.filter(({ ignored }) => ignored === null);
  const lines = open.slice(0, toldMost).map(({ severity, file, where, say }) => {
    const place = file === null || where === file ? where : `${file}, ${where}`;
    return `${severity}: ${visibleText(say)} (${visibleText(place)})`;
  });
  const more = open.length > toldMost ? [`and ${open.length - toldMost} more, on the page of the draft`] : [];
  return { counts: sayCounts(findings), lines: [...lines, ...more] };
}
