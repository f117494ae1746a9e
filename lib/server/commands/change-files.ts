// Adds, replaces and removes files of a draft: the next revision, with a new statement.
import type { Actor } from '#lib/core/people.ts';
import type { OpenedDraft, Upload } from './open-draft.ts';

export type ChangeFilesInput = {
  draft: string;
  /** A file of a name that the draft has replaces it. */
  uploads: Upload[];
  /** Names of files to leave out. */
  remove: string[];
  signatures: Uint8Array[];
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

export async function changeFiles(actor: Actor, input: ChangeFilesInput): Promise<OpenedDraft> {
  throw new Error(`being written ${actor.kind} ${input.draft}`);
}
