// A multipart form with files, streamed into the store: constant memory, whatever is sent. Everything in it is hostile: number, size
// and order of parts, names, fields. A name that could be neither a distribution nor a signature is refused before a byte of it is
// kept, so that a private key by mistake is in no file here. When anything is refused, what was half received is removed.
import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import busboy, { type Busboy, type FileInfo } from 'busboy';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { declaredDigests, type DeclaredDigests } from './declared-digests.ts';

export type ReceivedForm = {
  uploads: Upload[];
  signatures: Uint8Array[];
  /** The values of a field, in their order. */
  fields: ReadonlyMap<string, string[]>;
};

const signatureName = /\.(?:asc|sig|gpg|pgp)$/i;

/** `mustDeclare`: a digest must come before each file (declared-digests.ts). */
export type FormRequest = { headers: IncomingHttpHeaders; body: Readable; mustDeclare?: boolean };

/**
 * Receives the form.
 * @throws `upload.digest-…`, `upload.file-missing`, `upload.malformed`, `upload.too-large`, `upload.broken-off`, `distribution.file-name`, `draft.too-many-files`
 */
export async function receiveForm({ headers, body, mustDeclare = false }: FormRequest): Promise<ReceivedForm> {
  const parser = openParser(headers);
  const form = { uploads: [] as Upload[], signatures: [] as Uint8Array[], fields: new Map<string, string[]>() };
  const parts: Promise<void>[] = [];
  const declared = declaredDigests(() => form.fields.get('sha256') ?? [], mustDeclare);
  await new Promise<void>((resolve, reject) => {
    const fail = (fault: unknown): void => {
      body.unpipe(parser);
      parser.destroy();
      // Parts that still wait end with the parser; their temporary files are removed before the answer.
      void Promise.allSettled(parts).then(() => reject(asRefusal(fault)));
    };
    parser.on('file', (_field, part, info) => {
      const received = receivePart(form, part, info, declared);
      parts.push(received);
      received.catch(fail);
    });
    parser.on('field', (name, value, { valueTruncated }) => {
      if (valueTruncated) fail(refuse('upload.malformed', { why: 'a field is too long' }));
      form.fields.set(name, [...(form.fields.get(name) ?? []), value]);
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.on(event, () => fail(refuse('draft.too-many-files', { most: limits.filesPerDraftMax })));
    parser.on('error', fail);
    body.on('error', fail);
    body.on('aborted', () => fail(refuse('upload.broken-off', {})));
    parser.on('close', () => void Promise.all(parts).then(() => resolve(), fail));
    body.pipe(parser);
  });
  declared.requireAllTaken();
  return form;
}

function openParser(headers: IncomingHttpHeaders): Busboy {
  const { filesPerDraftMax, signaturesPerUploadMax, formFieldsMax } = limits;
  const files = filesPerDraftMax + signaturesPerUploadMax;
  try {
    return busboy({
      headers,
      limits: {
        files,
        fields: formFieldsMax,
        parts: files + formFieldsMax,
        fieldSize: 1024,
        fieldNameSize: 100,
        headerPairs: 20,
      },
    });
  } catch (cause) {
    throw refuse('upload.malformed', { why: 'it is not a form with files' }, cause);
  }
}

/** The parser's own faults are about what was sent; a refusal stays what it is. */
function asRefusal(fault: unknown): unknown {
  if (isRefusal(fault)) return fault;
  const isOfForm = fault instanceof Error && !('syscall' in fault);
  return isOfForm ? refuse('upload.malformed', { why: 'its parts do not fit together' }, fault) : fault;
}

async function receivePart(
  form: ReceivedForm,
  part: Readable,
  { filename }: FileInfo,
  declared: DeclaredDigests,
): Promise<void> {
  if (!filename) return void part.resume();
  if (signatureName.test(filename)) {
    form.signatures.push(await readSmall(part));
    return;
  }
  readDistributionName(filename);
  const received = form.uploads.reduce((sum, upload) => sum + upload.stored.size, 0);
  const bytesMax = Math.min(limits.uploadBytesMax, limits.uploadTotalBytesMax - received);
  const sha256 = declared.takeFor(filename);
  const stored = await runtime().files.receive(part, { bytesMax, ...(sha256 && { sha256 }) });
  form.uploads.push({ uploadedName: filename, stored });
}

async function readSmall(part: Readable): Promise<Uint8Array> {
  const bytesMax = limits.signatureUploadBytesMax;
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > bytesMax) throw refuse('upload.too-large', { bytesMax });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
