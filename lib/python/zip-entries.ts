// A small zip file (an evidence bundle) read whole, with all the strictness that wheels get. Its bytes are hostile: whoever
// hands one in decides nothing but the content of files at plain paths.
import { refuse } from '#lib/core/errors.ts';
import { bundleLimits, renderBytes, type InspectionLimits } from './limits.ts';
import { startAllowance, type ByteSource } from './source.ts';
import { openZip, readSmallMember } from './zip-reader.ts';

/** Path → bytes of every file; folders are left out. Held in memory, within `limits`; throws `distribution.…`. */
export async function readZipEntries(
  source: ByteSource,
  limits: InspectionLimits = bundleLimits,
  signal?: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  if (source.size > limits.fileBytesMax)
    throw refuse('distribution.too-large', { what: 'archive', most: renderBytes(limits.fileBytesMax) });
  const zip = await openZip(source, startAllowance(limits, signal));
  const files = new Map<string, Uint8Array>();
  for (const member of zip.members) {
    if (!member.isFolder) files.set(member.path, await readSmallMember(zip, member, limits.unpackedBytesMax));
  }
  return files;
}
