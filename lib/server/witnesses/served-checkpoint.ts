// The checkpoint that is served: what the countersigner signed, and the newest line of each witness that cosigned this very tree. The countersigner hears
// nothing of witnesses, and their lines prove themselves, so they are put beside its own here (docs/decisions/042). A line is checked again
// before it is served: a row can be edited.
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRefusal } from '#lib/core/errors.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import {
  readNote,
  readSignatureLines,
  renderNote,
  type NoteSignature,
  type ReadNote,
} from '#lib/evidence/checkpoint.ts';
import { findCosigned } from '#lib/evidence/cosignature.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { lockTree } from '#lib/server/db/lock.ts';
import type { Cosignature } from '#lib/server/db/generated/client.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { runtime } from '#lib/server/runtime.ts';

const place = (): string => path.join(indexFolder(), checkpointPath);

/** The checkpoint as it is served now; null: there is no log yet. */
export async function readServedCheckpoint(): Promise<ReadNote | null> {
  const bytes = await readFile(place()).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  });
  return bytes && readNote(bytes);
}

/** A step of the jobs loop: puts new lines of witnesses beside the checkpoint. Answers whether anything changed. */
export async function serveCosignatures(): Promise<boolean> {
  if ((await changedCheckpoint()) === null) return false;
  // Under the lock nobody puts a newer checkpoint in place between our look and our renaming.
  return runtime().db.$transaction(async (tx) => {
    await lockTree(tx);
    const changed = await changedCheckpoint(await tx.cosignature.findMany());
    if (changed !== null) await replace(changed);
    return changed !== null;
  });
}

/** The note with the lines that it should have; null where it has them. */
async function changedCheckpoint(known?: readonly Cosignature[]): Promise<string | null> {
  const note = await readServedCheckpoint();
  if (!note) return null;
  const rows = known ?? (await runtime().db.cosignature.findMany());
  const own = note.signatures.filter((line) => line.name === note.checkpoint.origin);
  const lines = rows
    .filter((row) => row.size === note.checkpoint.size)
    .sort((a, b) => (a.witness < b.witness ? -1 : 1))
    .flatMap((row) => goodLine(note, row));
  const wanted = renderNote(note.text, [...own, ...lines]);
  return wanted === renderNote(note.text, note.signatures) ? null : wanted;
}

function goodLine(note: ReadNote, { witness, line }: Cosignature): NoteSignature[] {
  const keys = runtime()
    .config.witnesses.map(({ key }) => key)
    .filter((key) => key.name === witness);
  try {
    const signatures = readSignatureLines(`${line}\n`);
    return findCosigned({ ...note, signatures }, keys, noteCheck).length > 0 ? signatures : [];
  } catch (fault) {
    if (isRefusal(fault)) return []; // over another tree, or edited
    throw fault;
  }
}

async function replace(text: string): Promise<void> {
  const beside = `${place()}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { flush: true, mode: 0o644 });
    await rename(beside, place());
  } catch (fault) {
    await rm(beside, { force: true });
    throw fault;
  }
}
