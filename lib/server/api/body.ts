// The bodies that the addresses for programs take: a small object as JSON or as a form, a form with files, the bytes of a signature, or bytes that
// the door reads itself. Hostile throughout; each is bounded. `print` is what an Idempotency-Key is bound to: the content, not how it was spelled.
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readBytes } from '#lib/server/http/read-bytes.ts';
import { receiveFields } from '#lib/server/http/receive-fields.ts';
import { receiveForm, type ReceivedForm } from '#lib/server/http/receive-form.ts';
import { readSignature } from '#lib/server/http/receive-signature.ts';
import { digestExample, signatureExample } from './examples.ts';
import { readShape } from './read-shape.ts';

/** Media type → its shape (absent: bytes), for the reference. */
export type Media = Readonly<Record<string, z.ZodType | undefined>>;

export type Body<Sent> = {
  media: Media;
  /** A body that is taken, for the reference and its tests. */
  example?: unknown;
  read(req: IncomingMessage): Promise<Sent>;
  /** It is read while it is worked on, so nothing can be bound to it. */
  isStream?: true;
  print(sent: Sent): string;
};

const jsonBytesMax = 64 * 1024;
const formTypes = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/;

/** A small object: JSON, or a form with the same fields. */
export function fieldsBody<Shape extends z.ZodType>(shape: Shape, example: z.input<Shape>): Body<z.output<Shape>> {
  return {
    media: { 'application/json': shape, 'application/x-www-form-urlencoded': shape },
    example,
    read: async (req) => readShape(shape, await readFields(req), 'the body'),
    print: (sent) => JSON.stringify(sent),
  };
}

async function readFields(req: IncomingMessage): Promise<unknown> {
  if (formTypes.test(req.headers['content-type'] ?? ''))
    return Object.fromEntries(await receiveFields(req.headers, req));
  const sent = { headers: req.headers, body: req };
  const tooLarge = () => refuse('upload.too-large', { bytesMax: jsonBytesMax });
  const text = (await readBytes(sent, jsonBytesMax, tooLarge)).toString('utf8');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse('api.not-json', {}, cause);
  }
}

/** The form of the reference: digests in front of the files. */
const filesForm = z.object({
  sha256: z
    .array(z.string())
    .meta({ description: 'A line as sha256sum writes it for each file, in front of the files.' }),
  file: z.array(z.string().meta({ format: 'binary' })),
});

/** A form with files, each with its digest in front; they are kept by their digest. */
export const filesBody: Body<ReceivedForm> = {
  media: { 'multipart/form-data': filesForm },
  example: { sha256: [`${digestExample}  sunrise-1.2.0.tar.gz`], file: ['(the bytes of the file)'] },
  read: (req) => receiveForm({ headers: req.headers, body: req, mustDeclare: true }),
  print: ({ uploads, signatures, fields }) =>
    JSON.stringify([
      uploads.map(({ uploadedName, stored }) => [uploadedName, stored.sha256]).sort(),
      signatures.map((one) => sha256Hex(one)).sort(),
      [...fields].filter(([name]) => name !== 'sha256').sort(),
    ]),
};

/** A detached signature, armored or binary, whatever content type a tool makes up for it. */
export const signatureBody: Body<Uint8Array> = {
  media: { 'application/pgp-signature': undefined, 'application/octet-stream': undefined },
  example: signatureExample,
  read: (req) => readSignature({ headers: req.headers, body: req }),
  print: (sent) => sha256Hex(sent),
};

/** Bytes that the door reads from the request itself, as they come. */
export const streamBody: Body<undefined> = {
  media: { 'application/octet-stream': undefined },
  isStream: true,
  read: () => Promise.resolve(undefined),
  print: () => '',
};
