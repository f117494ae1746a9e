// The one comparison of what a file's name claims with what stands inside (threats.md, row 83), used for wheels and sdists,
// for their metadata and for the folders that carry name and version. Both sides are claims; they must agree.
import { refuse, isRefusal } from '#lib/core/errors.ts';
import type { DistributionName } from './file-name.ts';
import type { CoreMetadata } from './metadata.ts';
import { isSameProject } from './names.ts';
import { readCanonicalVersion, versionKey } from './versions.ts';

/** Refuses metadata of another project or version. Equal under PEP 440 (`1.0`, `1.0.0`) is the same version. */
export function requireSameRelease(name: DistributionName, metadata: CoreMetadata): void {
  if (metadata.project !== name.project) {
    throw refuse('distribution.mismatch', { what: 'project name', inFileName: name.project, inside: metadata.name });
  }
  if (versionKey(metadata.version) !== versionKey(name.version)) {
    throw refuse('distribution.mismatch', { what: 'version', inFileName: name.version, inside: metadata.version });
  }
}

/** Refuses a folder `NAME-VERSION` (without its suffix) that names another project or version. */
export function requireSameFolder(name: DistributionName, folder: string): void {
  const hyphen = folder.lastIndexOf('-');
  const isSame =
    hyphen > 0 && isSameProject(folder.slice(0, hyphen), name.project) && isSameVersion(folder.slice(hyphen + 1), name);
  if (!isSame)
    throw refuse('distribution.mismatch', {
      what: 'folder',
      inFileName: `${name.project}-${name.version}`,
      inside: folder.slice(0, 120),
    });
}

function isSameVersion(claimed: string, name: DistributionName): boolean {
  try {
    return versionKey(readCanonicalVersion(claimed.replaceAll('_', '-'))) === versionKey(name.version);
  } catch (fault) {
    if (isRefusal(fault)) return false;
    throw fault;
  }
}
