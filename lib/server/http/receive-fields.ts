// A small form without files, as browsers and mail programs post it (urlencoded or multipart): few fields, short values, and no more bytes than
// that. Hostile throughout; what is not such a form is refused, and nothing is kept.
import type { IncomingHttpHeaders } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import busboy, { type Busboy } from 'busboy';
import { refuse } from '#lib/core/errors.ts';

const bytesMax = 8 * 1024;

function openParser(headers: IncomingHttpHeaders): Busboy {
  try {
    return busboy({ headers, limits: { files: 0, fields: 20, parts: 20, fieldSize: 1024, fieldNameSize: 100 } });
  } catch (cause) {
    throw refuse('upload.malformed', { why: 'it is not a form' }, cause);
  }
}

/** The value of each field, the last where a name comes twice. @throws `upload.malformed`, `upload.too-large`, `upload.broken-off` */
export async function receiveFields(
  headers: IncomingHttpHeaders,
  body: Readable,
): Promise<ReadonlyMap<string, string>> {
  const parser = openParser(headers);
  const fields = new Map<string, string>();
  parser.on('field', (name, value) => void fields.set(name, value));
  const parsed = finished(parser, { readable: false });
  parsed.catch(() => undefined);
  let size = 0;
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > bytesMax) throw refuse('upload.too-large', { bytesMax });
    parser.write(piece);
  }
  parser.end();
  try {
    await parsed;
  } catch (cause) {
    throw refuse('upload.malformed', { why: 'its parts do not fit together' }, cause);
  }
  return fields;
}
