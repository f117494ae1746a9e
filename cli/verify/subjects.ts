// What is to be decided: releases by name and version, or wheels and sdists on this machine, whose names say which release they claim to be of.
import { basename } from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import type { RecordFile, ReleaseRecord } from '#lib/core/release.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { readRequirement } from '#cli/requirement.ts';
import type { Wanted } from './verify-release.ts';

/** Releases, each `NAME==VERSION`, with all their files. Refuses `input.not-a`, `distribution.…`. */
export const readReleases = (given: readonly string[]): Wanted[] =>
  given.map((one) => {
    const [project, version] = readRequirement(one);
    return { project, version, files: ({ files }) => files };
  });

/** A release, and the files of it that are here: only those are looked at. */
export type Subject = Wanted & { paths: ReadonlyMap<FileName, string> };

/** Each release once, whether it was named or its files were. Refuses `input.not-a`, `distribution.…`. */
export function readSubjects(what: readonly string[]): Subject[] {
  if (what.length === 0) throw refuse('input.missing', { field: 'NAME==VERSION, or a file' });
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
