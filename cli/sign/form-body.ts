// A form with files, as it is sent (RFC 7578): digests in front of the files, each file read from disk while it goes out, so that a release of any size
// costs no memory. Names are checked names of ours: nothing in them can break a header.
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileName } from '#lib/core/ids.ts';
import type { ApiBody } from '#cli/index/ask-api.ts';

export type FormFile = { name: FileName; path: string; sha256: string };

/** A name may have several values. */
export type FormFields = Readonly<Record<string, string | readonly string[]>>;

/** The body and its type. */
export function formOf(files: readonly FormFile[], fields: FormFields = {}): ApiBody {
  const boundary = `countersign-${randomBytes(16).toString('hex')}`;
  return { type: `multipart/form-data; boundary=${boundary}`, body: partsOf(boundary, files, fields) };
}

async function* partsOf(boundary: string, files: readonly FormFile[], fields: FormFields): AsyncGenerator<Uint8Array> {
  const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join('\r\n'));
  const field = (name: string, value: string): Uint8Array =>
    text([`--${boundary}`, `Content-Disposition: form-data; name="${name}"`, '', value, '']);
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) yield field(name, value);
  for (const { name, sha256 } of files) yield field('sha256', `${sha256}  ${name}`);
  for (const { name, path } of files) {
    const head = `Content-Disposition: form-data; name="file"; filename="${name}"`;
    yield text([`--${boundary}`, head, 'Content-Type: application/octet-stream', '', '']);
    yield* createReadStream(path);
    yield text(['', '']);
  }
  yield text([`--${boundary}--`, '']);
}
