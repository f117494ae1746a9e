// Opens a draft of a release from files that are in the store already, and builds the first statement.
import type { DraftId, ProjectName, Version } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { StoredFile } from '#lib/server/files/store.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';

/** A file that was received into the store under a claimed (hostile) name. */
export type Upload = { uploadedName: string; stored: StoredFile };

export type OpenDraftInput = {
  project: string;
  uploads: Upload[];
  /** Detached signatures that came along, one upload each. */
  signatures: Uint8Array[];
};

export type OpenedDraft = { draft: DraftId; project: ProjectName; version: Version; revision: number; outcomes: PacketOutcome[] };

export async function openDraft(actor: Actor, input: OpenDraftInput): Promise<OpenedDraft> {
  throw new Error(`being written ${actor.kind} ${input.project}`);
}
