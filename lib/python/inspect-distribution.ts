// The one way into this room for a file: name in, bytes in, what is established out. Name and bytes are hostile; nothing in
// them is executed, unpacked to disk or believed without its counterpart. The web program, the countersigner and the
// client call this same function, so they cannot disagree about a file (threats.md, section 7).
import { refuse } from '#lib/core/errors.ts';
import { readDistributionName } from './file-name.ts';
import { inspectSdist } from './inspect-sdist.ts';
import { inspectWheel } from './inspect-wheel.ts';
import type { Inspection } from './inspection.ts';
import { inspectionLimits, renderBytes, type InspectionLimits } from './limits.ts';
import { startAllowance, type ByteSource } from './source.ts';

export type Upload = { readonly name: string; readonly source: ByteSource };

/**
 * Looks into a wheel or sdist in constant memory and bounded time. Returns what it is, with warnings for those who are asked
 * to sign; throws a `distribution.…` refusal for whatever must not be published. `signal` ends it early.
 */
export async function inspectDistribution(
  upload: Upload,
  limits: InspectionLimits = inspectionLimits,
  signal?: AbortSignal,
): Promise<Inspection> {
  const name = readDistributionName(upload.name);
  if (upload.source.size > limits.fileBytesMax) {
    throw refuse('distribution.too-large', { what: 'file', most: renderBytes(limits.fileBytesMax) });
  }
  const allowance = startAllowance(limits, signal);
  return name.kind === 'wheel'
    ? inspectWheel(name, upload.source, allowance)
    : inspectSdist(name, upload.source, allowance);
}
