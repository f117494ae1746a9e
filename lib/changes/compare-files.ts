// What changed from one wheel or sdist to another: fields, paths, lines. The bytes are hostile and were inspected before. It decides nothing and refuses
// nothing that was published: what goes beyond the limits is counted and said to be left out.
import { visibleText } from '#lib/core/visible-text.ts';
import { readEntryPoints } from '#lib/python/entry-points.ts';
import type { InspectionLimits } from '#lib/python/limits.ts';
import { readMetadata } from '#lib/python/metadata.ts';
import type { Distribution } from './contents.ts';
import { compareFields, type Described, type FieldChanges } from './field-changes.ts';
import type { ChangeLimits } from './limits.ts';
import { openDistribution, type DistributionFile } from './open-distribution.ts';
import { comparePaths, type PathChange, type PathCounts } from './path-changes.ts';
import { compareTexts, startEffort, type TextChange } from './text-changes.ts';

/** What is kept of a comparison for lists, mails and programs. */
export type FileSummary = {
  readonly fields: FieldChanges;
  readonly counts: PathCounts;
  /** Unpacked. */
  readonly bytes: { readonly was: number; readonly is: number };
  readonly lines: { readonly added: number; readonly removed: number };
  /** Changed or added paths whose lines are not counted: no text, or too long. */
  readonly unread: number;
};

/** One path that came, went, changed or moved. Texts are visible already. */
export type ShownPath = {
  readonly kind: PathChange['kind'];
  readonly path: string;
  readonly from: string | null;
  readonly was: number | null;
  readonly is: number | null;
  /** Where a link leads now. */
  readonly target: string | null;
  /** Null: its lines were not looked at (it went, it only moved, or it is beyond the limits). */
  readonly text: TextChange | null;
};

/** `left`: paths that are counted but not named. */
export type FileDetails = { readonly paths: readonly ShownPath[]; readonly left: number };

export type FileChanges = { readonly summary: FileSummary; readonly details: FileDetails };

/** `before` null: there was nothing like it, and its paths are only counted. Throws `distribution.…` where a file cannot be read within the limits. */
export async function compareFiles(
  before: DistributionFile | null,
  after: DistributionFile,
  limits: { readonly changes: ChangeLimits; readonly inspection: InspectionLimits },
): Promise<FileChanges> {
  const was = before && (await openDistribution(before, limits.inspection));
  const is = await openDistribution(after, limits.inspection);
  const fields = compareFields(was && described(was), described(is));
  const { changes, counts } = comparePaths(was?.contents ?? [], is.contents);
  const named = was === null ? [] : changes.slice(0, limits.changes.pathsMax);
  const texts = await compareAllTexts(was, is, named, limits.changes);
  const paths = named.map((change) => asShown(change, texts.get(change) ?? null));
  const bytesOf = (of: Distribution | null): number => of?.contents.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  const bytes = { was: bytesOf(was), is: bytesOf(is) };
  const summary = { fields, counts, bytes, ...countLines(paths, changes.length - named.length) };
  return { summary, details: { paths, left: changes.length - named.length } };
}

const described = ({ metadataBytes, entryPoints, topLevel }: Distribution): Described => ({
  metadata: readMetadata(metadataBytes),
  entryPoints: readEntryPoints(entryPoints).entries,
  topLevel,
});

/** The lines of what was added or changed, as far as they can be read; within the limit for all of them, smallest first. */
async function compareAllTexts(
  was: Distribution | null,
  is: Distribution,
  changes: readonly PathChange[],
  limits: ChangeLimits,
): Promise<Map<PathChange, TextChange>> {
  const texts = new Map<PathChange, TextChange>();
  const wanted = changes.filter(({ kind }) => kind === 'added' || kind === 'changed');
  const chosen = within(wanted, limits);
  for (const change of wanted) if (!chosen.includes(change)) texts.set(change, { kind: 'too-long' });
  const pathsOf = (side: 'before' | 'after'): Set<string> =>
    new Set(chosen.flatMap((change) => (change[side]?.target === null ? [change[side].path] : [])));
  const before = (await was?.read(pathsOf('before'))) ?? new Map<string, Uint8Array>();
  const after = await is.read(pathsOf('after'));
  const effort = startEffort(limits);
  for (const change of chosen) {
    texts.set(change, compareTexts(bytesAt(change.before, before), bytesAt(change.after, after), effort, limits));
  }
  return texts;
}

/** A link has its target for a text. */
const bytesAt = (content: PathChange['before'], texts: ReadonlyMap<string, Uint8Array>): Uint8Array | null =>
  content === null
    ? null
    : content.target === null
      ? (texts.get(content.path) ?? null)
      : new TextEncoder().encode(`→ ${content.target}\n`);

function within(changes: readonly PathChange[], { textBytesMax, textBytesTotal }: ChangeLimits): PathChange[] {
  const sizeOf = ({ before, after }: PathChange): number => Math.max(before?.bytes ?? 0, after?.bytes ?? 0);
  let left = textBytesTotal;
  return changes
    .filter((change) => sizeOf(change) <= textBytesMax)
    .toSorted((one, other) => sizeOf(one) - sizeOf(other))
    .filter((change) => (left -= (change.before?.bytes ?? 0) + (change.after?.bytes ?? 0)) >= 0);
}

const asShown = ({ kind, path, from, before, after }: PathChange, text: TextChange | null): ShownPath => ({
  ...{ kind, path: visibleText(path), from: from === null ? null : visibleText(from), text },
  ...{ was: before?.bytes ?? null, is: after?.bytes ?? null },
  target: after === null || after.target === null ? null : visibleText(after.target),
});

function countLines(paths: readonly ShownPath[], unnamed: number): Pick<FileSummary, 'lines' | 'unread'> {
  let [added, removed, unread] = [0, 0, unnamed];
  for (const { text } of paths) {
    if (text?.kind === 'lines') {
      added += text.added;
      removed += text.removed;
    } else if (text !== null) unread += 1;
  }
  return { lines: { added, removed }, unread };
}
