// Opens a wheel or sdist to lay it beside another. The bytes are hostile; the file was inspected before (lib/python), when it was uploaded: that is where
// its RECORD was found complete and true. An archive that is not what was found then is refused again here.
import { readDistributionName } from '#lib/python/file-name.ts';
import type { InspectionLimits } from '#lib/python/limits.ts';
import { startAllowance, type ByteSource } from '#lib/python/source.ts';
import type { Distribution } from './contents.ts';
import { openSdist } from './sdist-contents.ts';
import { openWheel } from './wheel-contents.ts';

export type DistributionFile = { readonly name: string; readonly source: ByteSource };

/** Throws `distribution.…` where it cannot be read within the limits. */
export function openDistribution({ name, source }: DistributionFile, limits: InspectionLimits): Promise<Distribution> {
  const { kind } = readDistributionName(name);
  const allowance = startAllowance(limits);
  return kind === 'wheel' ? openWheel(source, allowance) : openSdist(source, allowance);
}
