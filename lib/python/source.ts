// Where the bytes of a file come from: a size and a random-access read. This room never opens a file; the server hands in
// a reader over its store, the client one over a file handle, tests one over bytes. A source is trusted to give the same
// bytes for the same range, and for nothing else: a short answer is a broken archive.
import { refuse } from '#lib/core/errors.ts';
import type { InspectionLimits } from './limits.ts';

export type ByteSource = {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
};

const chunkBytes = 256 * 1024;
const windowBytes = 4096;

/** Bytes in memory as a source. */
export function fromBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}

/** The same source, with one small window remembered: parsing thousands of headers must not cost a disk read each. */
export function withWindow(source: ByteSource): ByteSource {
  let start = 0;
  let held: Uint8Array = new Uint8Array();
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (length > windowBytes) return source.read(offset, length);
    if (offset < start || offset + length > start + held.length) {
      held = await source.read(offset, Math.min(windowBytes, Math.max(0, source.size - offset)));
      start = offset;
    }
    return held.subarray(offset - start, offset - start + length);
  };
  return { size: source.size, read };
}

/** Exactly these bytes; refuses where the file ends before (offsets come from hostile headers). */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  if (offset < 0 || offset + length > source.size)
    throw refuse('distribution.bad-archive', { why: 'it ends too early' });
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) throw refuse('distribution.bad-archive', { why: 'it ends too early' });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What one inspection may take: the limits, and the signal that ends it. */
export type Allowance = { readonly limits: InspectionLimits; readonly signal: AbortSignal };

/** An allowance whose clock starts now; an outer signal ends it earlier. */
export function startAllowance(limits: InspectionLimits, outer?: AbortSignal): Allowance {
  const clock = AbortSignal.timeout(limits.millisecondsMax);
  return { limits, signal: outer === undefined ? clock : AbortSignal.any([clock, outer]) };
}

/** Refuses once the time is over; called between chunks, so no single archive can hold the process. */
export function requireTime({ limits, signal }: Allowance): void {
  if (signal.aborted) throw refuse('distribution.too-slow', { seconds: limits.millisecondsMax / 1000 });
}

/** The range in chunks, never the whole of it. */
export async function* readChunks(
  source: ByteSource,
  start: number,
  end: number,
  allowance: Allowance,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += chunkBytes) {
    requireTime(allowance);
    yield await readExactly(source, at, Math.min(chunkBytes, end - at));
  }
}
