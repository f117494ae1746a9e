// What the log of an index tells, entry by entry (lib/evidence/whole-log.ts holds them against the checkpoint). An entry that is none is a difference; too few entries, or
// another root, end the audit.
import { isRefusal } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { tileWidth } from '#lib/core/log.ts';
import { sha256Octets as hash } from '#lib/digest/ed25519.ts';
import type { Checkpoint } from '#lib/evidence/checkpoint.ts';
import { entriesPath, projectOf, readLogEntry, type LogEntry } from '#lib/evidence/log-tree.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';
import { readAllEntries } from '#lib/evidence/whole-log.ts';
import { difference, type Difference } from './difference.ts';

export type Told = LogEntry & { number: number; project: ProjectName | null };

export type WholeLog = { entries: Told[]; differences: Difference[] };

/** Every entry in its order. Refuses `log.incomplete` and `log.damaged-tiles`. */
export async function readWholeLog(read: ReadPath, checkpoint: Checkpoint): Promise<WholeLog> {
  const whole: WholeLog = { entries: [], differences: [] };
  await readAllEntries(read, checkpoint, hash, (bytes, number) => {
    const told = readTold(bytes, number);
    if ('code' in told) whole.differences.push(told);
    else whole.entries.push(told);
  });
  return whole;
}

function readTold(bytes: Uint8Array, number: number): Told | Difference {
  try {
    const entry = readLogEntry(bytes);
    return { ...entry, number, project: projectOf(entry.path) };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return difference(
      'unreadable',
      entriesPath(Math.floor(number / tileWidth), tileWidth),
      `Entry ${number} is not one.`,
    );
  }
}
