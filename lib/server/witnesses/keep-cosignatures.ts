// Takes the lines of witnesses on the checkpoint that is served (C2SP tlog-cosignature), by whichever way they come. No session and no token: a line
// proves itself. Kept is the newest line of each witness that the operator named; everything else is refused and leaves no trace. It is no change of
// anything that people decide, so it is no history: the line itself is the public record of who saw what when.
import { refuse } from '#lib/core/errors.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { keyIdOf, readNote, renderSignature, signaturesBy, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { requireCosignature } from '#lib/evidence/cosignature.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readServedCheckpoint } from './served-checkpoint.ts';
import type { Witness } from './witness.ts';

/** A clock may be wrong by this much. */
const aheadSecondsMost = 300;

/**
 * Keeps the lines of a hostile note: the checkpoint as it is served, with one or more lines of witnesses. Refuses `log.checkpoint`, `log.not-newest`
 * (another tree than the one that is served), `log.unknown-witness`, `log.not-signed`, `log.witness-clock`. Answers whose lines are kept.
 */
export async function keepCosignatures(foreignBytes: Uint8Array): Promise<{ size: number; kept: string[] }> {
  const note = readNote(foreignBytes);
  await requireServed(note);
  const lines = runtime().config.witnesses.flatMap((witness) => linesOf(note, witness));
  if (lines.length === 0) throw refuse('log.unknown-witness', {});
  for (const line of lines) await keep(line);
  runtime().wake.jobs();
  return { size: note.checkpoint.size, kept: lines.map(({ witness }) => witness) };
}

async function requireServed({ text }: ReadNote): Promise<void> {
  const served = await readServedCheckpoint();
  if (served?.text !== text) throw refuse('log.not-newest', { size: served?.checkpoint.size ?? 0 });
}

type KnownLine = { witness: string; size: number; line: string; at: Date };

function linesOf(note: ReadNote, { key }: Witness): KnownLine[] {
  return signaturesBy(note, key, keyIdOf(key, noteCheck.hash, 'cosignature')).map((signature) => {
    const at = requireCosignature(note, { key, line: signature }, noteCheck);
    const ahead = at - runtime().clock.now().getTime() / 1000;
    if (ahead > aheadSecondsMost) throw refuse('log.witness-clock', { witness: key.name, seconds: Math.round(ahead) });
    const line = renderSignature(signature).trimEnd();
    return { witness: key.name, size: note.checkpoint.size, line, at: new Date(at * 1000) };
  });
}

/** The newest stays: by size, then by time. */
async function keep(row: KnownLine): Promise<void> {
  const { db } = runtime();
  const { witness, size, at } = row;
  await db.cosignature.createMany({ data: [row], skipDuplicates: true });
  const older = { witness, OR: [{ size: { lt: size } }, { size, at: { lt: at } }] };
  await db.cosignature.updateMany({ where: older, data: row });
}
