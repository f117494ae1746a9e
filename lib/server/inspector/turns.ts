// What looks into uploaded bytes, as a table: every function here takes plain data and answers plain data, and knows neither database nor settings, so that
// it runs in a child process with limits (lib/child). Nothing else of the web program opens an uploaded archive. Refuses by refusal.
import { gzipSync } from 'node:zlib';
import { compareFiles, type FileSummary } from '#lib/changes/compare-files.ts';
import { changeLimits } from '#lib/changes/limits.ts';
import { withFileSource } from '#lib/child/file-source.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import type { Inspection } from '#lib/python/inspection.ts';
import type { InspectionLimits } from '#lib/python/limits.ts';

export const turns = { inspect, compare };
export type Turns = typeof turns;

/** A stored file: where it is on this disk, and the (hostile) name that it came under. */
export type InspectInput = { place: string; name: string; limits: InspectionLimits };

/** Refuses as inspectDistribution does. */
async function inspect({ place, name, limits }: InspectInput): Promise<Inspection> {
  return withFileSource(place, (source) => inspectDistribution({ name, source }, limits));
}

/** Two stored files that were inspected before; `before` null: there was nothing like it. */
export type CompareInput = { before: Omit<InspectInput, 'limits'> | null; after: InspectInput };

/** `details`: JSON, packed with gzip, as it is kept. Refuses as compareFiles does. */
async function compare({ before, after }: CompareInput): Promise<{ summary: FileSummary; details: Uint8Array }> {
  const limits = { changes: changeLimits, inspection: after.limits };
  const { summary, details } = await withFileSource(after.place, (is) => {
    const now = { name: after.name, source: is };
    if (before === null) return compareFiles(null, now, limits);
    return withFileSource(before.place, (was) => compareFiles({ name: before.name, source: was }, now, limits));
  });
  return { summary, details: new Uint8Array(gzipSync(JSON.stringify(details))) };
}
