// One file as twine and uv send it (docs/formats/legacy-upload.md): fields, the file as `content`, perhaps `gpg_signature`. All of it is hostile. The
// fields stand in front of the file, so that who may upload, and whether it is what it says to be, is decided before a byte of it is kept;
// fields that nobody asks about are forgotten as they come. A signature never fails an upload.
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { readUploadForm, requireFormOfName, uploadFields, type UploadForm } from '#lib/python/upload-form.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readMultipart, type MultipartRequest } from './read-multipart.ts';

export type LegacyUpload = {
  form: UploadForm;
  upload: Upload;
  /** What came as `gpg_signature`, and may be anything; a byte longer than it may be where it is too long. */
  signature: Uint8Array | null;
};

const known: ReadonlySet<string> = new Set(uploadFields);

/**
 * Receives it. `admit` refuses whoever may not upload to this project, before the file is received.
 * @throws what `admit` throws, `upload.…`, `distribution.…` for what name and fields say
 */
export async function receiveLegacyUpload(
  request: MultipartRequest,
  admit: (project: ProjectName) => Promise<void>,
): Promise<LegacyUpload> {
  const fields = new Map<string, string>();
  const got: { content: Omit<LegacyUpload, 'signature'> | null; begun: boolean; signature: Uint8Array | null } = {
    ...{ content: null, begun: false, signature: null },
  };
  await readMultipart(request, {
    limits: { files: 3, fields: limits.legacyFieldsMax, fieldSize: 1024, fieldNameSize: 100, headerPairs: 20 },
    // No tool has a folder in it; what is none of theirs is refused instead of mended.
    keepsFolders: true,
    tooMany: () => refuse('upload.not-legacy', { why: 'the form has too many parts' }),
    field: (name, value, isCut) => {
      if (!known.has(name)) return;
      if (isCut) throw refuse('upload.malformed', { why: `its field ${name} is too long` });
      if (fields.has(name)) throw refuse('upload.malformed', { why: `its field ${name} came twice` });
      fields.set(name, value);
    },
    file: async (field, part, info) => {
      if (field === 'gpg_signature') got.signature = await readCut(part, limits.signatureUploadBytesMax + 1);
      else if (field !== 'content') part.resume();
      else {
        if (got.begun) throw refuse('upload.not-legacy', { why: 'the form holds two files' });
        got.begun = true;
        const form = readUploadForm(fields);
        const name = readDistributionName(info.filename ?? '');
        requireFormOfName(form, name);
        await admit(form.project);
        got.content = { form, upload: await receiveContent(form, part, name.fileName) };
      }
    },
  });
  if (got.content === null) throw refuse('upload.not-legacy', { why: 'the form holds no file “content”' });
  return { ...got.content, signature: got.signature };
}

async function receiveContent({ digests }: UploadForm, part: Readable, name: string): Promise<Upload> {
  const md5 = digests.md5 === null ? null : createHash('md5');
  const bytes = md5 === null ? part : hashing(part, md5);
  const { sha256 } = digests;
  const bounds = { bytesMax: limits.uploadBytesMax, ...(sha256 && { sha256 }) };
  const stored = await runtime().files.receive(bytes, bounds);
  if (md5 !== null && md5.digest('hex') !== digests.md5)
    throw refuse('upload.other-digest', { name, algorithm: 'MD5' });
  return { uploadedName: name, stored };
}

async function* hashing(part: Readable, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of part as AsyncIterable<Buffer>) {
    hash.update(piece);
    yield piece;
  }
}

/** The beginning of a part; the rest of it is read and thrown away. */
async function readCut(part: Readable, bytesMost: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part as AsyncIterable<Buffer>) {
    if (size < bytesMost) pieces.push(piece.subarray(0, bytesMost - size));
    size += piece.length;
  }
  return Buffer.concat(pieces);
}
