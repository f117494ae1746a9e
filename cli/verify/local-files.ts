// Files that are here already, in the place of those that a source would bring: only they are looked at. What a file is called and what is in it is hostile.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { DigestRequest } from '#lib/core/digest.ts';
import { refuse } from '#lib/core/errors.ts';
import { InputFault } from '#cli/read-input.ts';
import type { MeasuredFile, Source } from './source.ts';

/** The source, with these files (name → path) read from this machine. */
export const withLocalFiles = (source: Source, paths: ReadonlyMap<string, string>): Source => ({
  ...source,
  measure: async (file, requests, onPart) => {
    const path = paths.get(file.name);
    if (path === undefined) return source.measure(file, requests, onPart);
    const found = await measureLocal(path, requests, onPart);
    if (found.sha256 === file.sha256) return found;
    throw refuse('verify.other-file', { name: file.name, found: found.sha256, expected: file.sha256 });
  },
});

async function measureLocal(
  path: string,
  requests: readonly DigestRequest[] = [],
  onPart: (part: Uint8Array) => Promise<void> = async () => undefined,
): Promise<MeasuredFile> {
  const hash = createHash('sha256');
  const running = requests.map(({ algorithm, salt }) => createHash(algorithm).update(salt ?? ''));
  let size = 0;
  try {
    for await (const part of createReadStream(path)) {
      const bytes = part as Buffer;
      size += bytes.length;
      for (const one of [hash, ...running]) one.update(bytes);
      await onPart(bytes);
    }
  } catch (cause) {
    throw new InputFault(`${path} cannot be read.`, { cause });
  }
  const tails = requests.map(({ suffix }, at) => new Uint8Array(running[at]?.update(suffix).digest() ?? []));
  return { size, sha256: hash.digest('hex'), tails };
}
