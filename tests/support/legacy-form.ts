// The forms that twine 7 and uv send to the upload API, field after field as their sources make them (twine/package.py and repository.py;
// uv's crates/uv-publish/src/lib.rs, August 2026), for tests where the tools themselves are not to be had or are too slow.
import { createHash } from 'node:crypto';

export type Built = { name: string; bytes: Buffer };
type Fields = [name: string, value: string | { fileName: string; bytes: Uint8Array }][];

const hex = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');

function factsOf({ name }: Built): { project: string; version: string; filetype: string; pyversion: string } {
  const [project = '', version = '', python = ''] = name.replace(/\.tar\.gz$|\.whl$/, '').split('-');
  const isWheel = name.endsWith('.whl');
  return { project, version, filetype: isWheel ? 'bdist_wheel' : 'sdist', pyversion: isWheel ? python : 'source' };
}

/** As twine sends it; `signature` as `--sign` adds it. */
export function twineForm(file: Built, signature?: Uint8Array): FormData {
  const { project, version, filetype, pyversion } = factsOf(file);
  return formOf([
    ...Object.entries({ name: project.replaceAll('_', '-'), version, filetype, pyversion, metadata_version: '2.1' }),
    ...Object.entries({ summary: 'A summary', description: 'x'.repeat(300_000), comment: '', keywords: 'a,b' }),
    ...[1, 2, 3].map((at): [string, string] => ['classifiers', `Topic :: ${at}`]),
    ...Object.entries({ sha256_digest: hex('sha256', file.bytes), md5_digest: hex('md5', file.bytes) }),
    ...(signature ? [['gpg_signature', { fileName: `${file.name}.asc`, bytes: signature }] satisfies Fields[0]] : []),
    ...Object.entries({ ':action': 'file_upload', protocol_version: '1' }),
    ['content', { fileName: file.name, bytes: file.bytes }],
  ]);
}

/** What uv sends with it: it shows the `code` of a JSON answer, and takes no redirect. */
export const uvAccept = 'application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7';

/** As `uv publish` sends it. */
export function uvForm(file: Built): FormData {
  const { project, version, filetype, pyversion } = factsOf(file);
  return formOf([
    ...Object.entries({ ':action': 'file_upload', sha256_digest: hex('sha256', file.bytes), protocol_version: '1' }),
    ...Object.entries({ metadata_version: '2.1', name: project.replaceAll('_', '-'), version, filetype, pyversion }),
    ...Object.entries({ requires_python: '', classifiers: 'Topic :: 1', project_urls: 'Home, https://example.org' }),
    ...Object.entries({ attestations: '[{"version": 1}]' }),
    ['content', { fileName: file.name, bytes: file.bytes }],
  ]);
}

/** Changed fields take the place of those with their name; undefined takes one away. */
export function changed(form: FormData, fields: Record<string, string | undefined>): FormData {
  const made = new FormData();
  for (const [name, value] of form.entries()) {
    const other = name in fields ? fields[name] : value;
    if (other !== undefined) made.append(name, other);
  }
  for (const [name, value] of Object.entries(fields))
    if (!form.has(name) && value !== undefined) prepend(made, name, value);
  return made;
}

function prepend(form: FormData, name: string, value: string): void {
  const before = [...form.entries()];
  for (const [known] of before) form.delete(known);
  form.append(name, value);
  for (const [known, kept] of before) form.append(known, kept);
}

function formOf(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of fields)
    if (typeof value === 'string') form.append(name, value);
    else
      form.append(name, new File([new Uint8Array(value.bytes)], value.fileName, { type: 'application/octet-stream' }));
  return form;
}
