// What a change of files does to a draft, before anything is written: which rows leave, which files come, in words for history
// and mail. A file that is there already, byte for byte, is no change.
import { refuse } from '#lib/core/errors.ts';
import type { InspectedFile } from '#lib/server/files/inspect-upload.ts';
import type { CaseFile } from './load-case.ts';

export type FilePlan = {
  gone: CaseFile[];
  added: InspectedFile[];
  changes: { kind: 'added' | 'replaced' | 'removed'; name: string }[];
};

/** Refuses `file.not-found` (to remove), `draft.nothing-changed`, `draft.no-files`. */
export function planFiles(
  current: readonly CaseFile[],
  fresh: readonly InspectedFile[],
  remove: readonly string[],
): FilePlan {
  const unknown = remove.find((name) => !current.some((file) => file.name === name));
  if (unknown !== undefined) throw refuse('file.not-found', { name: unknown.slice(0, 200) });
  const isKept = (file: InspectedFile): boolean =>
    !remove.includes(file.name) && current.some((known) => known.name === file.name && known.sha256 === file.sha256);
  const added = fresh.filter((file) => !isKept(file));
  const gone = current.filter((file) => remove.includes(file.name) || added.some((other) => other.name === file.name));
  if (added.length === 0 && gone.length === 0) throw refuse('draft.nothing-changed', {});
  if (current.length - gone.length + added.length === 0) throw refuse('draft.no-files', {});
  const replaces = (file: InspectedFile): boolean => gone.some((other) => other.name === file.name);
  const removed = gone.filter((file) => !added.some((other) => other.name === file.name));
  return {
    gone,
    added,
    changes: [
      ...added.map((file) => ({ kind: replaces(file) ? ('replaced' as const) : ('added' as const), name: file.name })),
      ...removed.map((file) => ({ kind: 'removed' as const, name: file.name })),
    ],
  };
}
