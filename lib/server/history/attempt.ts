// One try of somebody to change something, from the door to the answer: what it turned out to be about, and whether its refusal stands in
// history already. Noted where the project or draft is found (judge/project-role.ts, judge/find-draft.ts), read where a refusal becomes an
// answer (refused-change.ts). Outside of a try nothing is noted. Kept in the globals, since Next bundles a copy of this module.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DraftId, ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

/** What a try was about. Only what exists is noted, so nothing in it was invented by the one who tried. */
export type Subject = {
  actor: Actor;
  project: ProjectName;
  draft?: DraftId;
  /** It is about a draft that the actor may not even know of. */
  isOutsider?: boolean;
};
export type Attempt = { subject: Subject | null; isKept: boolean };

const place = Symbol.for('countersign.attempt');
const held = globalThis as typeof globalThis & { [place]?: AsyncLocalStorage<Attempt> };
const attempts = (held[place] ??= new AsyncLocalStorage<Attempt>());

/** Runs a try; what it is about can be read from `attempt` when it has ended. */
export const within = <T>(attempt: Attempt, work: () => Promise<T>): Promise<T> => attempts.run(attempt, work);

/** What the running try is about. A project does not replace the draft of the same project that was noted before. */
export function noteSubject(subject: Subject): void {
  const attempt = attempts.getStore();
  if (!attempt) return;
  const { subject: before } = attempt;
  if (before?.draft !== undefined && subject.draft === undefined && before.project === subject.project) return;
  attempt.subject = subject;
}

/** The refusal of the running try stands in history with a kind of its own. */
export function noteKept(): void {
  const attempt = attempts.getStore();
  if (attempt) attempt.isKept = true;
}
