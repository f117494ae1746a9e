// What twine, uv and others say of a file in the form with which they upload it (the upload API of 2013, docs/formats/legacy-upload.md). Fields are
// hostile; each that the index would state itself must say what the file says. All others (description, classifiers, …) are not looked at: the
// index takes them from the file.
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type ProjectName, type Sha256, type Version } from '#lib/core/ids.ts';
import type { DistributionName } from './file-name.ts';
import { normaliseProjectName } from './names.ts';
import { readCanonicalVersion, readRequiresPython, versionKey } from './versions.ts';

export type UploadForm = {
  project: ProjectName;
  version: Version;
  kind: 'wheel' | 'sdist';
  /** `pyversion`: the Python tag of a wheel; `source`, or nothing, for an sdist. */
  pythonTag: string;
  /** null: the form does not say (uv sends an empty one). */
  requiresPython: string | null;
  /** At least one of them. */
  digests: { sha256: Sha256 | null; blake2b256: Sha256 | null; md5: string | null };
};

/** The fields that are read; all others may be forgotten as they come. */
export const uploadFields = [
  ...[':action', 'protocol_version', 'name', 'version', 'filetype', 'pyversion', 'requires_python'],
  ...['sha256_digest', 'blake2_256_digest', 'md5_digest'],
] as const;

const fail = (why: string) => refuse('upload.not-legacy', { why });
const kinds: Readonly<Record<string, UploadForm['kind']>> = { sdist: 'sdist', bdist_wheel: 'wheel' };

/** Reads the fields. Refuses `upload.not-legacy`, `distribution.project-name`, `distribution.version`, `distribution.requires-python`. */
export function readUploadForm(fields: ReadonlyMap<string, string>): UploadForm {
  const field = (name: (typeof uploadFields)[number]): string => (fields.get(name) ?? '').trim();
  if (field(':action') !== 'file_upload')
    throw fail('the field “:action” must stand in front of the file and say “file_upload”');
  if (field('protocol_version') !== '1') throw fail('the field “protocol_version” must say “1”');
  const filetype = field('filetype');
  const kind = Object.hasOwn(kinds, filetype) ? kinds[filetype] : undefined;
  if (kind === undefined) throw fail('the field “filetype” must say “bdist_wheel” or “sdist”');
  return {
    ...{ project: normaliseProjectName(field('name')), version: readCanonicalVersion(field('version')), kind },
    pythonTag: field('pyversion'),
    requiresPython: readRequiresPython(field('requires_python')),
    digests: readDigests(field),
  };
}

function readDigests(field: (name: (typeof uploadFields)[number]) => string): UploadForm['digests'] {
  const read = (name: (typeof uploadFields)[number], length: number): string | null => {
    const claimed = field(name).toLowerCase();
    if (claimed === '') return null;
    if (claimed.length !== length || !/^[0-9a-f]+$/.test(claimed))
      throw fail(`the field “${name}” is no digest in hex`);
    return claimed;
  };
  const [sha256, blake2b256] = [read('sha256_digest', 64), read('blake2_256_digest', 64)];
  const md5 = read('md5_digest', 32);
  if (sha256 === null && blake2b256 === null && md5 === null)
    throw fail('a digest of the file must stand in front of it (“sha256_digest”)');
  const checked = (hex: string | null): Sha256 | null => (hex === null ? null : readSha256(hex));
  return { sha256: checked(sha256), blake2b256: checked(blake2b256), md5 };
}

const differs = (what: string, said: string, found: string) =>
  refuse('upload.says-other', { what, said: said.slice(0, 80), found: found.slice(0, 80) });

/** Refuses `upload.says-other` where the name of the file says something else than the form: before a byte of it is kept. */
export function requireFormOfName(form: UploadForm, name: DistributionName): void {
  if (form.project !== name.project) throw differs('name', form.project, name.project);
  if (versionKey(form.version) !== versionKey(name.version)) throw differs('version', form.version, name.version);
  if (form.kind !== name.kind) throw differs('filetype', form.kind, name.kind);
  const tag = name.kind === 'wheel' ? name.pythonTag : 'source';
  // twine before 6 sends none for an sdist.
  if (form.pythonTag !== tag && !(name.kind === 'sdist' && form.pythonTag === ''))
    throw differs('pyversion', form.pythonTag, tag);
}

/** Refuses `upload.says-other`, `upload.other-digest` where the inspected file is another than the form says. */
export function requireFormOfFile(
  form: UploadForm,
  file: { name: string; requiresPython: string | null; blake2b256: Sha256 },
): void {
  const { requiresPython, digests } = form;
  if (requiresPython !== null && requiresPython !== file.requiresPython)
    throw differs('requires_python', requiresPython, file.requiresPython ?? '');
  if (digests.blake2b256 !== null && digests.blake2b256 !== file.blake2b256)
    throw refuse('upload.other-digest', { name: file.name, algorithm: 'BLAKE2b-256' });
}
