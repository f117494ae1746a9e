// Whether each document that the log tells is served with those bytes, and whether the log tells one story by itself: a numbered document once and for ever, and
// numbers without a gap. The index is hostile; what it serves is believed only by its digest.
import { hashing } from '#lib/digest/hashing.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';
import { difference, inTurns, type Difference } from './difference.ts';
import type { Told } from './whole-log.ts';

/** The served bytes of documents that are as the log tells them; others are missing here. */
export type Documents = { byPath: ReadonlyMap<string, Uint8Array>; differences: Difference[] };

const atOnce = 8;

/** Fetches the newest state of each told document. */
export async function fetchDocuments(read: ReadPath, told: readonly Told[]): Promise<Documents> {
  const newest = [...new Map(told.map((entry) => [entry.path, entry])).values()];
  const byPath = new Map<string, Uint8Array>();
  const found = await inTurns(newest, atOnce, async ({ path, sha256, number }) => {
    const bytes = await read(path);
    if (!bytes) return [difference('not-served', path, `Entry ${number} tells it; it is not served.`)];
    const served = hashing.sha256(bytes);
    if (served !== sha256)
      return [difference('differs', path, `It is served with SHA-256 ${served}; entry ${number} tells ${sha256}.`)];
    byPath.set(path, bytes);
    return [];
  });
  return { byPath, differences: found.flat() };
}

/** What is wrong in the log by itself: a numbered document told with other bytes, and numbers that are missing. */
export function checkNumbers(told: readonly Told[]): Difference[] {
  const first = new Map<string, Told>();
  const series = new Map<string, number[]>();
  const rewritten: Difference[] = [];
  for (const entry of told) {
    const [, base, number] = /^(.*\/)([0-9]+)\.json$/.exec(entry.path) ?? [];
    if (base === undefined) continue; // certificates grow under their name
    const before = first.get(entry.path);
    if (before && before.sha256 !== entry.sha256)
      rewritten.push(
        difference('rewritten', entry.path, `Entries ${before.number} and ${entry.number} tell it with other bytes.`),
      );
    if (!before) series.set(base, [...(series.get(base) ?? []), Number(number)]);
    first.set(entry.path, before ?? entry);
  }
  return [...rewritten, ...[...series].flatMap(([base, numbers]) => gapsIn(base, numbers))];
}

function gapsIn(base: string, numbers: readonly number[]): Difference[] {
  const wrong = numbers.findIndex((number, at) => number !== at + 1);
  if (wrong < 0) return [];
  return [difference('gap', `${base}${numbers[wrong]}.json`, `The log tells it where number ${wrong + 1} was due.`)];
}
