// What is said of a file in the form with which it is uploaded to another index: every field that twine and uv send, from the file's own metadata
// (the legacy upload API; python-index.md 5.3: lower case, `_` for `-`, and a plural where a header may stand several times). The metadata was
// inspected when the file came here.
import type { Sha256 } from '#lib/core/ids.ts';
import { readDistributionName } from './file-name.ts';
import { readMetadata } from './metadata.ts';

const plurals: Readonly<Record<string, string>> = {
  classifier: 'classifiers',
  'project-url': 'project_urls',
  'provides-extra': 'provides_extras',
  'import-name': 'import_names',
  'import-namespace': 'import_namespaces',
};
/** Said by the fields that come first, or in the body of the metadata. */
const apart: ReadonlySet<string> = new Set(['metadata-version', 'name', 'version', 'description', 'requires-python']);

export type UploadedFacts = { fileName: string; metadata: Uint8Array; sha256: Sha256; blake2b256: Sha256 };

/** The fields in front of the file, in order. */
export function uploadFieldsOf({ fileName, metadata, sha256, blake2b256 }: UploadedFacts): [string, string][] {
  const name = readDistributionName(fileName);
  const said = readMetadata(metadata);
  const isWheel = name.kind === 'wheel';
  const more = [...said.headers].filter(([header]) => !apart.has(header) && !said.unknown.includes(header));
  return [
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['metadata_version', said.metadataVersion],
    ['name', said.name],
    ['version', said.version],
    ['filetype', isWheel ? 'bdist_wheel' : 'sdist'],
    ['pyversion', isWheel ? name.pythonTag : 'source'],
    ['requires_python', said.requiresPython ?? ''],
    ['sha256_digest', sha256],
    ['blake2_256_digest', blake2b256],
    ...more.flatMap(([header, values]) =>
      values.map((value): [string, string] => [
        plurals[header] ?? header.replaceAll('-', '_'),
        value.replace(/\n[ \t]+/g, ' '),
      ]),
    ),
    ['description', said.description],
  ];
}
