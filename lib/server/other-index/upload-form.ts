// The form of one upload as bytes: its length is known before, and the file is streamed from the store, so that a large one costs no memory.
import { randomBytes } from 'node:crypto';
import type { Sha256 } from '#lib/core/ids.ts';
import { runtime } from '#lib/server/runtime.ts';

export type FormFile = { name: string; sha256: Sha256; size: number; signature: string | null };
export type UploadBody = { contentType: string; length: number; stream: () => AsyncIterable<Uint8Array> };

/** Header values of a part hold no quotes and no line ends: field names are ours, and file names passed the inspection. */
const part = (boundary: string, disposition: string, type = ''): string =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}\r\n`;

/** Fields first, then the signature, then the file as `content`. */
export function uploadBody(fields: readonly [string, string][], file: FormFile): UploadBody {
  const boundary = `countersign-${randomBytes(16).toString('hex')}`;
  const octets = 'application/octet-stream';
  const parts = fields.map(([name, value]) => `${part(boundary, `name="${name}"`)}${value}\r\n`);
  if (file.signature !== null)
    parts.push(`${part(boundary, `name="gpg_signature"; filename="${file.name}.asc"`, octets)}${file.signature}\r\n`);
  parts.push(part(boundary, `name="content"; filename="${file.name}"`, octets));
  const head = Buffer.from(parts.join(''));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.size + tail.length,
    stream: async function* () {
      yield head;
      yield* (await runtime().files.open(file.sha256)) as AsyncIterable<Uint8Array>;
      yield tail;
    },
  };
}
