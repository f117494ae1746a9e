// Where things lie in the evidence bundle of a release (docs/formats/evidence.md), and where the same thing lies in the index tree: one list for
// whoever packs a bundle and whoever reads one. Short names for people; those of the hand-over bundle where both hold it. A path is hostile
// until placeOf knows it: everything but these shapes is nothing.
import { readFileName, readFingerprint, type FileName, type ProjectName, type Version } from '#lib/core/ids.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { filePath, recordPath } from '#lib/simple/page.ts';
import { indexKeyPath, policyPath, releasesPath, statementPath, statusPath, yankPath } from './index-tree.ts';
import { indexRotationPath } from './key-rotation.ts';
import { logKeyPath } from './log-tree.ts';
import { readRolePath, timestampPath } from './tuf-tree.ts';

/** `sunrise-1.2.0.evidence.zip`. */
export const bundleName = (project: ProjectName, version: Version): string => `${project}-${version}.evidence.zip`;
/** Where a web program offers it. */
export const bundleAddress = (project: ProjectName, version: Version): string =>
  `/projects/${project}/releases/${version}/${bundleName(project, version)}`;

export const readmePlace = 'README.txt';
export const statementPlace = 'statement/SHA256SUMS';
export const listPlace = 'releases.json';
export const policyPlace = (version: number): string => `policy/${version}.json`;
export const recordPlace = (serial: number): string => `record/${serial}.json`;
export const yankPlace = (number: number): string => `yank/${number}.json`;
export const statusPlace = (number: number): string => `status/${number}.json`;
/** Signatures over a file's own bytes. */
export const fileSignaturesPlace = (name: FileName): string => `files/${name}.asc`;
/** Beside a document: that the log tells it (C2SP tlog-proof). */
export const proofOf = (place: string): string => `${place}.tlog-proof`;

type Release = Pick<ReleaseRecord, 'project' | 'version' | 'serial' | 'files'>;

/** What stands at a place: a path of the index tree, the proof that the log tells such a path, or the text for people. */
export type Place = { path: string; is: 'tree' | 'proof' } | { is: 'readme' };

const number = '([1-9][0-9]{0,6})';
const shapes: readonly [shape: RegExp, path: (release: Release, stem: string) => string | null][] = [
  [new RegExp(`^policy/${number}\\.json$`), ({ project }, stem) => policyPath(project, Number(stem))],
  [/^statement\/SHA256SUMS()$/, ({ project, version }) => statementPath(project, version)],
  [/^releases\.json()$/, ({ project }) => releasesPath(project)],
  [
    new RegExp(`^record/${number}\\.json$`),
    ({ project, version, serial }, stem) => (Number(stem) === serial ? recordPath(project, version, serial) : null),
  ],
  [new RegExp(`^yank/${number}\\.json$`), ({ project, version }, stem) => yankPath(project, version, Number(stem))],
  [new RegExp(`^status/${number}\\.json$`), ({ project }, stem) => statusPath(project, Number(stem))],
  [/^keys\/index\/([1-9][0-9]{0,4})\.json$/, (_, stem) => indexRotationPath(Number(stem))],
  [/^log\/vkey()$/, () => logKeyPath],
];

/** Places that have no `.asc` of their own beside them. */
const alone: typeof shapes = [
  [/^keys\/index\.asc()$/, () => indexKeyPath],
  [/^keys\/([0-9A-F]{40,64})\.asc$/, (_, stem) => `keys/${readFingerprint(stem)}.asc`],
  [/^(tuf\/.+)$/, (_, stem) => (stem === timestampPath || readRolePath(stem) !== null ? stem : null)],
  [/^files\/(.+)\.asc$/, ({ files }, stem) => fileSignaturesPath(files, readFileName(stem))],
];

function fileSignaturesPath(files: Release['files'], name: FileName): string | null {
  const file = files.find((entry) => entry.name === name);
  return file ? `${filePath(file.sha256, file.name)}.asc` : null;
}

/** What a place of a bundle holds; null: it is no place of the bundle of this release. */
export function placeOf(place: string, release: Release): Place | null {
  if (place === readmePlace) return { is: 'readme' };
  const [, document, suffix = ''] = /^(.+?)(\.tlog-proof)?$/.exec(place) ?? [];
  const path = pathOf(document ?? '', release);
  return path === null ? null : { path, is: suffix === '' ? 'tree' : 'proof' };
}

function pathOf(place: string, release: Release): string | null {
  const own = find([...shapes, ...alone], place, release);
  if (own !== null) return own;
  const [, signed] = /^(.+)\.asc$/.exec(place) ?? [];
  const document = signed === undefined ? null : find(shapes, signed, release);
  return document === null ? null : `${document}.asc`;
}

function find(among: typeof shapes, place: string, release: Release): string | null {
  for (const [shape, path] of among) {
    const stem = shape.exec(place)?.[1];
    if (stem !== undefined) return path(release, stem);
  }
  return null;
}
