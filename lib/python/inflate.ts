// Raw deflate, held to its exact range. Libraries stop quietly where a deflate stream ends, so bytes could hide behind it
// inside a zip member or before a gzip trailer; here every packed byte must belong to the stream.
import { Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readChunks, readExactly, requireTime, type Allowance, type ByteSource } from './source.ts';

const smallBytes = 64 * 1024;
const smallContentBytesMax = 1024 * 1024;

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
  const small = end - start <= smallBytes ? await inflateSmall(source, start, end) : null;
  if (small !== null) {
    requireTime(allowance);
    yield small;
    return;
  }
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
  requireWhole(inflate.bytesWritten, end - start);
}

/** A stream for each of ten thousand small files costs more than their content. Null: it becomes too large for this way. */
async function inflateSmall(source: ByteSource, start: number, end: number): Promise<Buffer | null> {
  const packed = await readExactly(source, start, end - start);
  try {
    const { buffer, engine } = inflateWhole(packed, { maxOutputLength: smallContentBytesMax, info: true });
    requireWhole(engine.bytesWritten, packed.length);
    return buffer;
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    if ((fault as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw refuse('distribution.bad-archive', { why: 'its compressed data is damaged' }, fault);
  }
}

// With `info` it answers more than its type says.
const inflateWhole = inflateRawSync as unknown as (
  packed: Buffer,
  options: { maxOutputLength: number; info: true },
) => { buffer: Buffer; engine: { bytesWritten: number } };

function requireWhole(taken: number, length: number): void {
  if (taken !== length)
    throw refuse('distribution.polyglot', { why: 'data stands behind the end of a compressed stream' });
}
