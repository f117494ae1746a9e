// What every step of a round works with, and what a round reports. One step fails alone: its fault becomes a finding about the draft or
// release that it is about (threats.md, 102).
import { isRefusal } from '#lib/core/errors.ts';
import type { DraftId, IndexName, ProjectName } from '#lib/core/ids.ts';
import { readInstanceState, treePlace, type InstanceState } from './instance-state.ts';
import type { Judges } from './judges/judges.ts';
import type { SetAside } from './judges/set-aside.ts';
import type { IndexKeys } from './keys.ts';
import type { Store } from './store.ts';
import type { DraftFinding, Finding, WebProgram } from './web-program.ts';
import type { Writing } from './write-list.ts';

export type RoundParts = {
  store: Store;
  keys: IndexKeys;
  web: WebProgram;
  /** Who opens whatever is hostile. */
  judges: Judges;
  /** What took too much of them, and is not tried again at once; kept from round to round. */
  setAside: SetAside;
  now: () => number;
};

export type RoundReport = {
  index: IndexName;
  policies: ProjectName[];
  published: string[];
  /** Declarations of owners that were taken: project and subject. */
  declared: string[];
  quarantined: string[];
  findings: Finding[];
  /** Policies that were not accepted: the drafts of the project tell its people. */
  refused: { project: ProjectName; code: string; says: string }[];
};

export function writingOf({ store, keys, now }: RoundParts, index: IndexName): Writing {
  return { index, keys, readTree: (path) => store.read(treePlace(path)), now: now() };
}

/** The instance state as it is now; the first commit of the round has made it. */
export function requireInstance(store: Store): InstanceState {
  const instance = readInstanceState(store);
  if (!instance) throw new Error('The instance state is missing in the middle of a round.');
  return instance;
}

/** What is said of a turn that failed. A mistake of ours goes to the log, not to the web program. */
export function sayFault(
  about: { draft: DraftId } | { project: ProjectName },
  fault: unknown,
): { code: string; says: string } {
  if (isRefusal(fault)) return { code: fault.code, says: fault.message };
  const cause = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  process.stderr.write(`${JSON.stringify({ level: 'error', ...about, cause })}\n`);
  return { code: 'internal', says: 'The countersigner failed here; its operator finds why in its log.' };
}

export const findingOf = (draft: DraftId, fault: unknown): DraftFinding => ({ draft, ...sayFault({ draft }, fault) });

/**
 * Does the work, unless the same thing (its mark has not changed) cost a judge its life a while ago: it is tried again less and less often, so
 * that it never holds up what others wait for. null: not tried.
 */
export async function unlessSetAside<T>(
  { setAside, now }: RoundParts,
  about: { what: string; mark: string },
  work: () => Promise<T>,
): Promise<T | null> {
  if (!setAside.mayTry(about, now())) return null;
  try {
    return await work();
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'countersigner.judge-ended') setAside.keep(about, now());
    throw fault;
  }
}
