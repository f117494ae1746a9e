// File names of wheels (PEP 427) and sdists (PEP 625), the only two kinds an index takes today. The uploaded name is hostile
// text. Older tools write names that are not normalised (`Foo.Bar-1.0.tar.gz`); they pass when they can be read in one way.
// Refused: eggs, Windows installers, zip sdists, and whatever else has no single reading.
import { refuse } from '#lib/core/errors.ts';
import { readFileName, type FileName, type ProjectName, type Version } from '#lib/core/ids.ts';
import { normaliseProjectName } from './names.ts';
import { readCanonicalVersion } from './versions.ts';

export type WheelName = {
  readonly kind: 'wheel';
  readonly fileName: FileName;
  readonly project: ProjectName;
  readonly version: Version;
  readonly build: string | null;
  /** The Python tag as written (`py2.py3`), which upload forms call `pyversion`. */
  readonly pythonTag: string;
  /** The compressed tag set of PEP 425, expanded: `py2-none-any`, `py3-none-any`. */
  readonly tags: readonly string[];
};
export type SdistName = {
  readonly kind: 'sdist';
  readonly fileName: FileName;
  readonly project: ProjectName;
  readonly version: Version;
  /** The file name without `.tar.gz`: what the one top folder is called. */
  readonly stem: string;
};
export type DistributionName = WheelName | SdistName;

const wheelName =
  /^(?<name>[^-]+)-(?<version>[^-]+)(?:-(?<build>[0-9][A-Za-z0-9_.]*))?-(?<python>[^-]+)-(?<abi>[^-]+)-(?<platform>[^-]+)\.whl$/;
const tagSetMax = 100;
const tagSet = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;

/** Reads a wheel or sdist name; refuses every other name with the reason (PEP 427 “File name convention”, PEP 625). */
export function readDistributionName(uploadedName: string): DistributionName {
  const fileName = requirePlainName(uploadedName);
  if (fileName.endsWith('.whl')) return readWheelName(fileName);
  if (fileName.endsWith('.tar.gz')) return readSdistName(fileName);
  throw refuse('distribution.file-name', { name: fileName, why: whyNot(fileName) });
}

function requirePlainName(uploadedName: string): FileName {
  try {
    return readFileName(uploadedName);
  } catch (cause) {
    const why = 'at most 200 of A-Z, a-z, 0-9 and “._+!-” are allowed, no folder';
    throw refuse('distribution.file-name', { name: uploadedName.slice(0, 80), why }, cause);
  }
}

function whyNot(fileName: FileName): string {
  if (fileName.endsWith('.egg')) return 'eggs are no longer accepted anywhere; build a wheel';
  if (/\.(?:exe|msi|rpm|deb|dmg)$/.test(fileName)) return 'installers are not accepted; build a wheel';
  if (/\.(?:zip|tar|tgz|tar\.(?:bz2|xz|Z))$/.test(fileName)) return 'an sdist ends in .tar.gz (PEP 625)';
  if (/\.(?:asc|sig|gpg)$/.test(fileName)) return 'this looks like a signature; hand it in on the draft page';
  return 'it ends in neither .whl nor .tar.gz';
}

function readWheelName(fileName: FileName): WheelName {
  const match = wheelName.exec(fileName)?.groups;
  if (match === undefined) {
    const why =
      'a wheel is called NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl, the build tag starting with a digit (PEP 427)';
    throw refuse('distribution.file-name', { name: fileName, why });
  }
  const { name, version = '', build = null, python = '', abi = '', platform = '' } = match;
  return {
    kind: 'wheel',
    fileName,
    project: normaliseProjectName(name),
    version: readCanonicalVersion(version.replaceAll('_', '-')),
    build,
    pythonTag: python,
    tags: expandTags(fileName, python, abi, platform),
  };
}

// A few hundred bytes of dots must not become millions of tags.
function expandTags(fileName: FileName, python: string, abi: string, platform: string): string[] {
  const sets = [python, abi, platform].map((set) => (tagSet.test(set) ? set.split('.') : []));
  const count = sets.reduce((product, set) => product * set.length, 1);
  if (count === 0 || count > tagSetMax)
    throw refuse('distribution.file-name', { name: fileName, why: 'its tags cannot be read (PEP 425)' });
  const [pythons = [], abis = [], platforms = []] = sets;
  return pythons.flatMap((py) => abis.flatMap((ab) => platforms.map((pl) => `${py}-${ab}-${pl}`)));
}

function readSdistName(fileName: FileName): SdistName {
  const stem = fileName.slice(0, -'.tar.gz'.length);
  const hyphen = stem.lastIndexOf('-');
  if (hyphen < 1)
    throw refuse('distribution.file-name', { name: fileName, why: 'an sdist is called NAME-VERSION.tar.gz (PEP 625)' });
  const project = normaliseProjectName(stem.slice(0, hyphen));
  return { kind: 'sdist', fileName, project, version: readCanonicalVersion(stem.slice(hyphen + 1)), stem };
}
