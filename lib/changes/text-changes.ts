// The lines that differ between two texts, by the Myers algorithm of `diff`, with a bound on its effort. The bytes are hostile: what is not text is said
// to be none, what is too long or too different is shown as gone and come, and every line is made visible (core/visible-text.ts).
import { structuredPatch } from 'diff';
import { visibleText } from '#lib/core/visible-text.ts';
import type { ChangeLimits } from './limits.ts';

/** `same`: a line around the change; `end`: the text has no line end there. */
export type Line = { readonly kind: 'same' | 'added' | 'removed' | 'end'; readonly text: string };
export type Hunk = { readonly before: number; readonly after: number; readonly lines: readonly Line[] };

export type TextChange =
  | { readonly kind: 'not-text' | 'too-long' }
  /** `left`: changed lines that are counted but not shown. `wholly`: too different to be laid beside each other. */
  | {
      readonly kind: 'lines';
      readonly added: number;
      readonly removed: number;
      readonly hunks: readonly Hunk[];
      readonly left: number;
      readonly wholly: boolean;
    };

/** What one comparison may still spend. */
export type Effort = { edits: number; lines: number };

export const startEffort = (limits: ChangeLimits): Effort => ({ edits: limits.editsTotal, lines: limits.linesMax });

/** Compares two texts; null stands for a file that is not there. Spends of `effort`. */
export function compareTexts(
  before: Uint8Array | null,
  after: Uint8Array | null,
  effort: Effort,
  limits: ChangeLimits,
): TextChange {
  const [was, is] = [readText(before), readText(after)];
  if (was === null || is === null) return { kind: 'not-text' };
  // Where all of it came or went there is nothing to look for.
  const patch = was === '' || is === '' ? undefined : lookForEdits(was, is, effort, limits);
  const hunks = patch?.hunks.map(({ oldStart, newStart, lines }) => ({
    ...{ before: oldStart, after: newStart },
    lines: lines.map(asLine),
  })) ?? [whollyHunk(was, is)];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const of = (kind: Line['kind']): number => lines.reduce((sum, line) => sum + (line.kind === kind ? 1 : 0), 0);
  const [added, removed] = [of('added'), of('removed')];
  const kept = keep(hunks, Math.min(limits.linesOfTextMax, effort.lines), limits.lineCharactersMax);
  effort.lines -= kept.lines;
  return {
    ...{ kind: 'lines', added, removed, hunks: kept.hunks, left: added + removed - kept.changed },
    wholly: patch === undefined && was !== '' && is !== '',
  };
}

/** Undefined: they are too different to be laid beside each other with what is left of the effort. */
function lookForEdits(was: string, is: string, effort: Effort, limits: ChangeLimits) {
  const most = Math.min(limits.editsMax, effort.edits);
  if (most < 1) return undefined;
  const patch = structuredPatch('', '', was, is, undefined, undefined, { context: 3, maxEditLength: most });
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines.filter((line) => /^[+-]/.test(line))) ?? [];
  effort.edits -= patch === undefined ? most : Math.min(most, lines.length);
  return patch;
}

/** UTF-8 without a zero byte; null: it is no text. A byte order mark stays: it is a difference. */
function readText(bytes: Uint8Array | null): string | null {
  if (bytes === null) return '';
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // no text; nothing to say of it
  }
}

function asLine(line: string): Line {
  const text = line.slice(1);
  if (line.startsWith('+')) return { kind: 'added', text };
  if (line.startsWith('-')) return { kind: 'removed', text };
  return line.startsWith('\\') ? { kind: 'end', text: 'No line end at the end of the file.' } : { kind: 'same', text };
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** What came stands first: it is what will run, and what is cut off is the end. */
const whollyHunk = (was: string, is: string): Hunk => ({
  ...{ before: 1, after: 1 },
  lines: [
    ...linesOf(is).map((text) => ({ kind: 'added' as const, text })),
    ...linesOf(was).map((text) => ({ kind: 'removed' as const, text })),
  ],
});

/** The first lines, made visible; `changed`: how many of them came or went. */
function keep(hunks: readonly Hunk[], most: number, characters: number) {
  const kept: Hunk[] = [];
  let [lines, changed] = [0, 0];
  for (const hunk of hunks) {
    const shown = hunk.lines.slice(0, Math.max(0, most - lines));
    if (shown.length === 0) break;
    lines += shown.length;
    changed += shown.filter(({ kind }) => kind === 'added' || kind === 'removed').length;
    kept.push({
      ...hunk,
      lines: shown.map(({ kind, text }) => ({ kind, text: visibleText(text.replace(/\r$/, '␍'), characters) })),
    });
  }
  return { hunks: kept, lines, changed };
}
