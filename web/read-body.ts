// The body of a request to a raw door, in memory, with a bound that holds while it arrives: what a header says of its length is only a wish.
import type { IncomingMessage } from 'node:http';
import { refuse } from '#lib/core/errors.ts';

/** All of it; refuses `upload.too-large`. */
export async function readBody(req: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => refuse('upload.too-large', { bytesMax });
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bytesMax) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
