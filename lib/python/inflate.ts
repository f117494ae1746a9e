// Raw deflate, held to its exact range. Libraries stop quietly where a deflate stream ends, so bytes could hide behind it
// inside a zip member or before a gzip trailer; here every packed byte must belong to the stream.
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readChunks, requireTime, type Allowance, type ByteSource } from './source.ts';

/**
 * The inflated content of `[start, end)`, chunk by chunk, in constant memory. The bytes are hostile; refuses a broken or
 * unfinished stream and bytes behind its end. The caller counts what comes out.
 */
export async function* inflateExactly(
  source: ByteSource,
  start: number,
  end: number,
  allowance: Allowance,
): AsyncGenerator<Buffer> {
  const packed = Readable.from(readChunks(source, start, end, allowance));
  const inflate = createInflateRaw();
  packed.on('error', (fault) => inflate.destroy(fault));
  packed.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      requireTime(allowance);
      yield chunk;
    }
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    throw refuse('distribution.bad-archive', { why: 'its compressed data is damaged' }, fault);
  } finally {
    packed.destroy();
    inflate.destroy();
  }
  if (inflate.bytesWritten !== end - start) {
    throw refuse('distribution.polyglot', { why: 'data stands behind the end of a compressed stream' });
  }
}
