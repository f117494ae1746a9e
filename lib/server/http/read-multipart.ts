// A multipart form, part after part, in constant memory: the one way in which such a body is read. Number and size of parts are bounded by the
// caller; a fault of one part ends the whole, and the answer comes once every part has let go of what it had received.
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import busboy, { type Busboy, type FileInfo, type Limits } from 'busboy';
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';

export type MultipartRequest = { headers: IncomingHttpHeaders; body: Readable };

export type MultipartReader = {
  limits: Limits;
  /** Whether names of files keep the folders in front of them, which pages send of a folder that was chosen; else they are cut off. */
  keepsFolders?: boolean;
  /** What is said to more parts than that. */
  tooMany: () => Refusal;
  /** Takes a file whole, or resumes it. */
  file(field: string, part: Readable, info: FileInfo): Promise<void>;
  /** `isCut`: it was longer than a field may be. */
  field(name: string, value: string, isCut: boolean): void;
};

/** Reads it to its end. @throws what the reader throws, `upload.malformed`, `upload.broken-off` */
export async function readMultipart({ headers, body }: MultipartRequest, reader: MultipartReader): Promise<void> {
  const parser = openParser(headers, reader);
  const parts: Promise<void>[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (fault: unknown): void => {
      body.unpipe(parser);
      parser.destroy();
      // Parts that still wait end with the parser; their temporary files are removed before the answer.
      void Promise.allSettled(parts).then(() => reject(asRefusal(fault)));
    };
    parser.on('file', (field, part, info) => {
      // A part that nobody reads any more still ends with a fault when the parser does, which would end the program.
      part.on('error', () => undefined);
      const received = reader.file(field, part, info);
      parts.push(received);
      received.catch(fail);
    });
    parser.on('field', (name, value, { valueTruncated }) => {
      try {
        reader.field(name, value, valueTruncated);
      } catch (fault) {
        fail(fault);
      }
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.on(event, () => fail(reader.tooMany()));
    parser.on('error', fail);
    body.on('error', fail);
    body.on('aborted', () => fail(refuse('upload.broken-off', {})));
    parser.on('close', () => void Promise.all(parts).then(() => resolve(), fail));
    body.pipe(parser);
  });
}

function openParser(headers: IncomingHttpHeaders, { limits, keepsFolders = false }: MultipartReader): Busboy {
  try {
    return busboy({ headers, limits, preservePath: keepsFolders });
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

/** A part that is kept in memory. Refuses `upload.too-large`. */
export async function readSmallPart(part: Readable, bytesMax: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > bytesMax) throw refuse('upload.too-large', { bytesMax });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
