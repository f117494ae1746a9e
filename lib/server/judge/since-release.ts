// What a draft changes against the newest published release of its project, as far as rows know it: kinds of files, Requires-Python, summary, size.
// For the mail that asks for a signature; it decides nothing. A summary is hostile text.
import { readVersion, type Version } from '#lib/core/ids.ts';
import { sizeText } from '#lib/core/size.ts';
import type { DraftFile as FileRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { LoadedCase } from './load-case.ts';

/** `changes`: one line each, never empty. */
export type SinceRelease = { version: Version; changes: string[] };

type Facts = Pick<FileRow, 'name' | 'kind' | 'size' | 'requiresPython' | 'summary'>;

/** Null: it is the first release of the project. */
export async function loadSinceRelease(tx: Transaction, { draft, files }: LoadedCase): Promise<SinceRelease | null> {
  const before = await tx.draft.findFirst({
    where: { projectName: draft.project, state: { in: ['published', 'quarantined'] }, id: { not: draft.id } },
    orderBy: [{ publishedAt: 'desc' }, { id: 'asc' }],
    include: { files: { where: { until: null } } },
  });
  if (before === null) return null;
  const rows = files.map(({ row }) => row);
  return { version: readVersion(before.version), changes: changesSince(before.files, rows) };
}

/** Files of a release before beside those of a draft. */
export function changesSince(before: readonly Facts[], now: readonly Facts[]): string[] {
  const [had, has] = [shapesOf(before), shapesOf(now)];
  const changes = [
    ...has.filter((shape) => !had.includes(shape)).map((shape) => `There is ${shape}; there was none.`),
    ...had.filter((shape) => !has.includes(shape)).map((shape) => `There is no longer ${shape}.`),
    ...differs('Requires-Python', valuesOf(before, 'requiresPython'), valuesOf(now, 'requiresPython')),
    ...differs('The summary', valuesOf(before, 'summary'), valuesOf(now, 'summary')),
    ...sizeChange(bytesOf(before), bytesOf(now)),
  ];
  return changes.length > 0
    ? changes
    : ['The same kinds of files, of about the same size; nothing else that we compare.'];
}

/** `a wheel for py3-none-any`, `an sdist`: what a file is, whatever its version. */
const shapesOf = (files: readonly Facts[]): string[] =>
  [...new Set(files.map(shapeOf))].sort((one, other) => (one < other ? -1 : 1));

// A wheel is NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl, and none of the parts has a hyphen.
const shapeOf = ({ name, kind }: Facts): string =>
  kind === 'wheel' ? `a wheel for ${name.slice(0, -'.whl'.length).split('-').slice(-3).join('-')}` : 'an sdist';

const valuesOf = (files: readonly Facts[], field: 'requiresPython' | 'summary'): string =>
  [...new Set(files.map((file) => file[field] ?? 'not given'))].sort().join(' and ');

const differs = (what: string, was: string, is: string): string[] =>
  was === is ? [] : [`${what} is “${is}”; it was “${was}”.`];

const bytesOf = (files: readonly Facts[]): number => files.reduce((sum, { size }) => sum + Number(size), 0);

/** Where it grew or shrank by more than a quarter. */
const sizeChange = (was: number, is: number): string[] =>
  is > was * 1.25 || is < was * 0.75 ? [`All files together are ${sizeText(is)}; they were ${sizeText(was)}.`] : [];
