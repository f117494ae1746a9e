// Looking into archives in tests: name and bytes in; the refusal's code out, or 'accepted'.
import { isRefusal } from '#lib/core/errors.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import type { Inspection } from '#lib/python/inspection.ts';
import { inspectionLimits, type InspectionLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';

/** The inspection of these bytes under this name. */
export function inspectBytes(
  name: string,
  bytes: Uint8Array,
  limits: InspectionLimits = inspectionLimits,
): Promise<Inspection> {
  return inspectDistribution({ name, source: fromBytes(bytes) }, limits);
}

/** `accepted`, or the code of the refusal. Also holds inspection to its promise: bytes unchanged, and no fault but a refusal. */
export async function judge(name: string, bytes: Uint8Array, limits?: InspectionLimits): Promise<string> {
  const before = Buffer.from(bytes);
  const outcome = await codeOf(() => inspectBytes(name, bytes, limits));
  if (!before.equals(bytes)) throw new Error('inspection changed the bytes');
  return outcome;
}

/** The code that `work` is refused with, or `accepted`; any other fault is the test's failure. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (fault) {
    if (isRefusal(fault)) return fault.code;
    throw fault;
  }
}
