// METADATA of a wheel that was inspected before, out of its archive again: what stands beside the wheel in an index (PEP 658). The bytes are as
// hostile as ever; the caller compares their digest with the one that the inspection gave.
import { refuse } from '#lib/core/errors.ts';
import type { InspectionLimits } from './limits.ts';
import { startAllowance, type ByteSource } from './source.ts';
import { openZip, readSmallMember } from './zip-reader.ts';

/** The exact bytes of METADATA. Throws `distribution.…` where the archive is not what was inspected. */
export async function readCoreMetadata(source: ByteSource, limits: InspectionLimits): Promise<Uint8Array> {
  const zip = await openZip(source, startAllowance(limits));
  const [only] = zip.members.filter(({ path }) => /^[^/]+\.dist-info\/METADATA$/.test(path));
  if (only === undefined) throw refuse('distribution.missing', { path: 'METADATA' });
  return readSmallMember(zip, only, limits.metadataBytesMax);
}
