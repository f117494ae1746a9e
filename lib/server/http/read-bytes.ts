// A small body in memory, with a bound that holds while it arrives: what a header says of its length is only a wish.
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Refusal } from '#lib/core/errors.ts';

type Sent = { headers: IncomingHttpHeaders; body: Readable };

/** All of it; throws what `tooLarge` makes of the bytes that were announced or came. */
export async function readBytes(
  { headers, body }: Sent,
  bytesMax: number,
  tooLarge: (bytes: number) => Refusal,
): Promise<Buffer> {
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > bytesMax) throw tooLarge(announced);
  const parts: Buffer[] = [];
  let bytes = 0;
  // A stream that is given up is not destroyed: the answer still goes out on its connection.
  for await (const part of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) throw tooLarge(bytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
