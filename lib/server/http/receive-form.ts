// A multipart form with files, streamed into the store: constant memory, whatever is sent. Everything in it is hostile: number, size
// and order of parts, names, fields. A name that could be neither a distribution nor a signature is refused before a byte of it is
// kept, so that a private key by mistake is in no file here. When anything is refused, what was half received is removed.
import type { Readable } from 'node:stream';
import type { FileInfo } from 'busboy';
import { refuse } from '#lib/core/errors.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { declaredDigests, type DeclaredDigests } from './declared-digests.ts';
import { readMultipart, readSmallPart, type MultipartRequest } from './read-multipart.ts';

export type ReceivedForm = {
  uploads: Upload[];
  signatures: Uint8Array[];
  /** The values of a field, in their order. */
  fields: ReadonlyMap<string, string[]>;
};

const signatureName = /\.(?:asc|sig|gpg|pgp)$/i;

/** `mustDeclare`: a digest must come before each file (declared-digests.ts). */
export type FormRequest = MultipartRequest & { mustDeclare?: boolean };

/**
 * Receives the form.
 * @throws `upload.digest-…`, `upload.file-missing`, `upload.malformed`, `upload.too-large`, `upload.broken-off`, `distribution.file-name`, `draft.too-many-files`
 */
export async function receiveForm({ mustDeclare = false, ...request }: FormRequest): Promise<ReceivedForm> {
  const form = { uploads: [] as Upload[], signatures: [] as Uint8Array[], fields: new Map<string, string[]>() };
  const declared = declaredDigests(() => form.fields.get('sha256') ?? [], mustDeclare);
  const { filesPerDraftMax, signaturesPerUploadMax, formFieldsMax } = limits;
  const files = filesPerDraftMax + signaturesPerUploadMax;
  const bounds = { fieldSize: 1024, fieldNameSize: 100, headerPairs: 20 };
  await readMultipart(request, {
    limits: { files, fields: formFieldsMax, parts: files + formFieldsMax, ...bounds },
    tooMany: () => refuse('draft.too-many-files', { most: filesPerDraftMax }),
    file: (_field, part, info) => receivePart(form, part, info, declared),
    field: (name, value, isCut) => {
      if (isCut) throw refuse('upload.malformed', { why: 'a field is too long' });
      form.fields.set(name, [...(form.fields.get(name) ?? []), value]);
    },
  });
  declared.requireAllTaken();
  return form;
}

async function receivePart(
  form: ReceivedForm,
  part: Readable,
  { filename }: FileInfo,
  declared: DeclaredDigests,
): Promise<void> {
  if (!filename) return void part.resume();
  if (signatureName.test(filename)) {
    form.signatures.push(await readSmallPart(part, limits.signatureUploadBytesMax));
    return;
  }
  readDistributionName(filename);
  const received = form.uploads.reduce((sum, upload) => sum + upload.stored.size, 0);
  const bytesMax = Math.min(limits.uploadBytesMax, limits.uploadTotalBytesMax - received);
  const sha256 = declared.takeFor(filename);
  const stored = await runtime().files.receive(part, { bytesMax, ...(sha256 && { sha256 }) });
  form.uploads.push({ uploadedName: filename, stored });
}
