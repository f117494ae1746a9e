// What changed from one release to the next, as the few sentences that stand beside the sign button, in the mail and in the answers to programs. What all files
// say is said once; what only some of them say names them, so that a dependency in one wheel of sixty is not lost.
import { sizeText } from '#lib/core/size.ts';
import type { FileSummary } from './compare-files.ts';
import type { FieldChange, FieldChanges } from './field-changes.ts';
import { shapeOf } from './file-shapes.ts';

/** `look`: what runs or comes along with it is not what it was. Text of strangers in it is visible already. */
export type ChangeLine = { readonly weight: 'look' | 'note'; readonly say: string };

/** A file now, beside the file that it is compared with. */
export type ComparedPair = {
  readonly file: string;
  /** Null: there was nothing like it. */
  readonly before: string | null;
  /** `same`: byte for byte; `awaited`: it is being compared. */
  readonly outcome: 'same' | 'awaited' | { readonly failure: string } | FileSummary;
};

type Sized = { readonly name: string; readonly size: number };
type Said = ChangeLine & { readonly file: string; readonly silent: 'sdists' | 'none' };

/** Never empty. `before`, `after`: the files of both, as they are downloaded. */
export function sayChanges(
  pairs: readonly ComparedPair[],
  before: readonly Sized[],
  after: readonly Sized[],
): ChangeLine[] {
  const lines = [
    ...sayShapes(before, after),
    ...merge(pairs.flatMap(sayFields), pairs),
    ...merge(pairs.flatMap(sayCounts), pairs, true),
    ...saySizes(before, after),
  ];
  return lines.length > 0 ? lines : [{ weight: 'note', say: 'The files are the same, byte for byte.' }];
}

function sayShapes(before: readonly Sized[], after: readonly Sized[]): ChangeLine[] {
  const [had, has] = [before, after].map((files) => [...new Set(files.map(({ name }) => shapeOf(name)))].sort());
  const came = has?.filter((shape) => !had?.includes(shape)) ?? [];
  const went = had?.filter((shape) => !has?.includes(shape)) ?? [];
  return [
    ...came.map((shape) => ({ weight: 'note' as const, say: `There is ${shape}; there was none.` })),
    ...went.map((shape) => ({ weight: 'note' as const, say: `There is no longer ${shape}.` })),
  ];
}

function sayFields({ file, outcome }: ComparedPair): Said[] {
  if (typeof outcome === 'string' || 'failure' in outcome) return [];
  const { dependencies, entryPoints, topLevel, fields }: FieldChanges = outcome.fields;
  const said = (weight: ChangeLine['weight'], says: readonly string[], silent: Said['silent'] = 'none'): Said[] =>
    says.map((say) => ({ weight, say, file, silent }));
  return [
    ...said('look', dependencies.map(sayDependency)),
    ...said('look', entryPoints.map(sayEntryPoint), 'sdists'),
    ...said('look', topLevel.map(sayTopLevel), 'sdists'),
    ...fields.flatMap((field) => said(field.what === 'requires-python' ? 'look' : 'note', [sayField(field)])),
  ];
}

function sayDependency({ what, was, is }: FieldChange): string {
  if (was === null) return `New dependency: ${what} (${is}).`;
  return is === null ? `No longer a dependency: ${what} (${was}).` : `Dependency ${what}: ${is}; it was ${was}.`;
}

function sayEntryPoint({ what, was, is }: FieldChange): string {
  if (was === null) return `New entry point: ${what} = ${is}.`;
  return is === null ? `Entry point gone: ${what}.` : `Entry point changed: ${what} = ${is}; it was ${was}.`;
}

function sayTopLevel({ what, was }: FieldChange): string {
  if (was !== null) return `No longer at the top level: ${what}.`;
  // The site module reads lines of .pth files whenever Python starts.
  const where = what.endsWith('.pth') ? 'is read at every start of Python' : 'can be imported';
  return `New at the top level, where it ${where}: ${what}.`;
}

const sayField = ({ what, was, is }: FieldChange): string =>
  `${what.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())} is ${quoted(is)}; it was ${quoted(was)}.`;

const quoted = (value: string | null): string => (value === null || value === '' ? 'not given' : `“${value}”`);

function sayCounts({ file, outcome }: ComparedPair): Said[] {
  const said = (weight: ChangeLine['weight'], say: string): Said[] => [{ weight, say, file, silent: 'none' }];
  if (outcome === 'same') return [];
  if (outcome === 'awaited') return said('look', 'its comparison is not finished yet.');
  if ('failure' in outcome) return said('look', `it could not be compared. ${outcome.failure}`);
  return said('note', `${countsText(outcome)}.`);
}

/** `14 files changed, 2 added, +300 −20 lines` */
function countsText({ counts, lines, unread, bytes }: FileSummary): string {
  const { added, removed, changed, moved, same } = counts;
  if (changed + removed + moved + same === 0) return `${manyFiles(added)}, ${sizeText(bytes.is)} unpacked`;
  if (added + removed + changed + moved === 0) return 'no file in it differs';
  const kinds = [`${changed} changed`, `${added} added`, `${removed} removed`, `${moved} moved`];
  const parts = kinds.filter((part) => !part.startsWith('0 '));
  const read = lines.added + lines.removed > 0 ? [`+${lines.added} −${lines.removed} lines`] : [];
  const left = unread === 0 ? [] : [`${unread} without lines to show`];
  return `of its files ${[...parts, ...read, ...left].join(', ')}`;
}

const manyFiles = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

/** Where the downloads grew or shrank by more than a quarter. */
function saySizes(before: readonly Sized[], after: readonly Sized[]): ChangeLine[] {
  const [was = 0, is = 0] = [before, after].map((files) => files.reduce((sum, { size }) => sum + size, 0));
  if (is <= was * 1.25 && is >= was * 0.75) return [];
  return [{ weight: 'note', say: `All files together are ${sizeText(is)}; they were ${sizeText(was)}.` }];
}

/** Each sentence once, with the files that say it; where all of those that could say it do, without them, unless `always`. */
function merge(said: readonly Said[], pairs: readonly ComparedPair[], always = false): ChangeLine[] {
  const bySay = new Map<string, Said[]>();
  for (const line of said) bySay.set(line.say, [...(bySay.get(line.say) ?? []), line]);
  return [...bySay.values()].map((lines) => {
    const [first] = lines as [Said, ...Said[]];
    const could = pairs.filter(({ file }) => first.silent === 'none' || file.endsWith('.whl')).length;
    const { weight, say } = first;
    if (always) return { weight, say: `${filesText(lines)}: ${say}` };
    return { weight, say: lines.length >= could ? say : `${say} Only in ${filesText(lines)}.` };
  });
}

const namedMost = 3;

function filesText(lines: readonly Said[]): string {
  const names = lines.map(({ file }) => file);
  const more = names.length - namedMost;
  return more > 0 ? `${names.slice(0, namedMost).join(', ')} and ${more} more` : names.join(', ');
}
