// What looks into uploaded bytes, as a table: every function here takes plain data and answers plain data, and knows neither database nor settings, so that
// it runs in a child process with limits (lib/child). Nothing else of the web program opens an uploaded archive. Refuses by refusal.
import { withFileSource } from '#lib/child/file-source.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import type { Inspection } from '#lib/python/inspection.ts';
import type { InspectionLimits } from '#lib/python/limits.ts';

export const turns = { inspect };
export type Turns = typeof turns;

/** A stored file: where it is on this disk, and the (hostile) name that it came under. */
export type InspectInput = { place: string; name: string; limits: InspectionLimits };

/** Refuses as inspectDistribution does. */
async function inspect({ place, name, limits }: InspectInput): Promise<Inspection> {
  return withFileSource(place, (source) => inspectDistribution({ name, source }, limits));
}
