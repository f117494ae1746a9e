// `countersign verify NAME==VERSION | FILE…`: decides releases of one index by itself, from the evidence that the index serves and what is pinned of it, by the
// very code that the countersigner uses. For files that are here already, exactly those are looked at.
// Exit codes: docs/formats/exit-codes.md.
import { basename } from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import type { RecordFile, ReleaseRecord } from '#lib/core/release.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { readDemand } from '#cli/trust/demand.ts';
import { byPins, type TrustOptions } from '#cli/verify/by-pins.ts';
import { keepSeen, seeRelease } from '#cli/verify/judge-release.ts';
import { withLocalFiles } from '#cli/verify/local-files.ts';
import { renderVerified, renderVerifiedJson } from '#cli/verify/say-verified.ts';
import type { Verified } from '#cli/verify/verify-release.ts';
import type { World } from '#cli/verify/world.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { readRequirement } from '#cli/requirement.ts';
import { readInput } from '#cli/read-input.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type VerifyOptions = TrustOptions & {
  /** Each `NAME==VERSION`, in any spelling that PEP 503 and PEP 440 allow, or a wheel or sdist on this machine. */
  what: readonly string[];
  /** A file with demands of the user's own. */
  demand?: string | undefined;
  json?: boolean | undefined;
};

/** Verifies and says what was found. Never throws. */
export async function verifyCommand(options: VerifyOptions, world: World): Promise<CommandOutcome> {
  try {
    const subjects = readSubjects(options.what);
    const demands = await readDemands(options.demand);
    const verified = await byPins(options, world, async (judging) => {
      const heldFor: typeof judging.heldFor = (project) => {
        const held = judging.heldFor(project);
        return { ...held, demands: [...held.demands, ...demands] };
      };
      const all: Verified[] = [];
      for (const subject of subjects)
        all.push(await seeRelease({ ...judging, heldFor }, subject, (source) => withLocalFiles(source, subject.paths)));
      keepSeen(judging, all);
      return all;
    });
    const render = options.json ? renderVerifiedJson : renderVerified;
    return { exit: 0, out: verified.map(render).join(''), err: '' };
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

/** The user's own demands from a file; none where none is named. */
export async function readDemands(place: string | undefined) {
  return place === undefined ? [] : [readDemand(await readInput(place, 1024 ** 2), place)];
}

type Subject = {
  project: ProjectName;
  version: Version;
  files: (record: ReleaseRecord) => readonly RecordFile[];
  paths: ReadonlyMap<FileName, string>;
};

function readSubjects(what: readonly string[]): Subject[] {
  const releases = new Map<string, { project: ProjectName; version: Version; paths: Map<FileName, string> }>();
  const take = (project: ProjectName, version: Version, file: [FileName, string] | null): void => {
    const known = releases.get(`${project}==${version}`) ?? { project, version, paths: new Map<FileName, string>() };
    releases.set(`${project}==${version}`, known);
    if (file) known.paths.set(...file);
  };
  for (const one of what) {
    if (!/\.(?:whl|tar\.gz)$/.test(one)) take(...readRequirement(one), null);
    else {
      const { project, version, fileName } = readDistributionName(basename(one));
      take(project, version, [fileName, one]);
    }
  }
  return [...releases.values()].map((release) => ({ ...release, files: (record) => filesOf(record, release.paths) }));
}

/** The given files of the release; where none was given, all of them. */
function filesOf(
  { files, project, version }: ReleaseRecord,
  paths: ReadonlyMap<FileName, string>,
): readonly RecordFile[] {
  for (const name of paths.keys())
    if (!files.some((file) => file.name === name)) throw refuse('verify.not-in-release', { name, project, version });
  return paths.size === 0 ? files : files.filter(({ name }) => paths.has(name));
}
