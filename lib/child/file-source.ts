// A file on this disk, read by ranges: what a child looks into is never in memory as a whole.
import { open } from 'node:fs/promises';

/** As lib/python reads it. */
type FileSource = { size: number; read(offset: number, length: number): Promise<Uint8Array> };

/** Opens the file for as long as `look` takes. */
export async function withFileSource<Result>(
  place: string,
  look: (source: FileSource) => Promise<Result>,
): Promise<Result> {
  const handle = await open(place, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await look({ size, read });
  } finally {
    await handle.close();
  }
}
