// A file on disk as a source of bytes for lib/python, which itself never touches the disk. The handle is read by position,
// so that a wheel of any size costs constant memory. Only regular files: a pipe or device has no size and may never end.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ByteSource } from '#lib/python/source.ts';

/** Runs `work` over the file and closes it afterwards; null where this is no regular file. Throws what `open` throws. */
export async function withFile<T>(path: string, work: (source: ByteSource) => Promise<T>): Promise<T | null> {
  // Opening a pipe for reading would wait for a writer; O_NONBLOCK does not (and does nothing to files).
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return null;
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const buffer = new Uint8Array(length);
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await work({ size: stat.size, read });
  } finally {
    await handle.close();
  }
}
