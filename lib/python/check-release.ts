// The files of one release beside each other: do they say the same (PEP 643), and is there something to build from. Works on what was kept of each file when it
// came, so that no archive is opened again.
import { createHash } from 'node:crypto';
import { found, type Finding } from './checks.ts';
import type { CoreMetadata } from './metadata.ts';
import { nearWellKnown } from './near-names.ts';

/** What is kept of one file's metadata for this comparison: for each field a digest and the beginning of its text. */
export type Described = {
  readonly metadataVersion: string;
  /** Fields of an sdist that its wheels may say otherwise. */
  readonly dynamic: readonly string[];
  readonly fields: Readonly<Record<string, { readonly digest: string; readonly shown: string }>>;
};

export type ReleaseFile = {
  readonly name: string;
  readonly kind: 'wheel' | 'sdist';
  readonly described: Described | null;
};

const compared = [
  'summary',
  'requires-python',
  'requires-dist',
  'provides-extra',
  'license',
  'license-expression',
  'author-email',
];
const shownMost = 160;

/** Of the fields that must be the same in all files of a release. */
export function describe({ metadataVersion, headers }: CoreMetadata): Described {
  const fields = compared.map((field) => {
    const values = (headers.get(field) ?? []).map((value) => value.replace(/\s+/g, ' ').trim()).sort();
    const text = values.join('\n');
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return [field, { digest, shown: values.join(', ').slice(0, shownMost) }] as const;
  });
  const dynamic = (headers.get('dynamic') ?? []).map((field) => field.toLowerCase());
  return { metadataVersion, dynamic: dynamic.slice(0, 50), fields: Object.fromEntries(fields) };
}

/** `nearHere`: an earlier project of the same index that this one could be mistaken for. Never throws. */
export function checkRelease(
  project: string,
  files: readonly ReleaseFile[],
  nearHere: string | null = null,
): Finding[] {
  const wheel = files.find(({ kind }) => kind === 'wheel');
  const near = nearWellKnown(project);
  const hasSdist = files.some(({ kind }) => kind === 'sdist');
  return [
    ...(near === null ? [] : [found('release.near-name', project, `“${project}” is not “${near}”, but nearly.`)]),
    ...(nearHere === null || nearHere === near
      ? []
      : [found('release.near-name', project, `“${project}” is not “${nearHere}”, which was on this index before it.`)]),
    ...compared.flatMap((field) => checkField(field, files)),
    ...(wheel && !hasSdist
      ? [found('release.no-sdist', wheel.name, 'There is no source distribution: nobody can build it again.')]
      : []),
  ];
}

// An sdist promises its fields to its wheels from metadata 2.2 on, and only those that it does not call dynamic.
function speaksFor({ kind, described }: ReleaseFile, field: string): boolean {
  if (described === null) return false;
  return kind === 'wheel' || (Number(described.metadataVersion) >= 2.2 && !described.dynamic.includes(field));
}

function checkField(field: string, files: readonly ReleaseFile[]): Finding[] {
  const [first, ...others] = files.filter((file) => speaksFor(file, field));
  const said = first?.described?.fields[field];
  const other = others.find(({ described }) => described?.fields[field]?.digest !== said?.digest);
  if (!first || !said || !other) return [];
  const otherwise = other.described?.fields[field]?.shown ?? '';
  return [
    found(
      'release.other-metadata',
      other.name,
      `${field} is “${otherwise}” here and “${said.shown}” in ${first.name}.`,
    ),
  ];
}
