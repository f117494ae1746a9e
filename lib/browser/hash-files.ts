// Several files hashed one after the other, with what is told while they are: which file, how far. Stopped by the signal between any two chunks.
import type { FileDigest } from './hashing.ts';
import { hashFile, type HashSource } from './hash-file.ts';

export type SizedSource = HashSource & { size: number };

/** One file under way. `percent` is a whole number. */
export type HashingState = { name: string; bytes: number; of: number; percent: number };

export type NamedFileDigest = FileDigest & { name: string };

type Options = {
  signal: AbortSignal;
  /** Called at most a hundred times a file: enough for the eye. */
  onProgress: (state: HashingState) => void;
  hash?: typeof hashFile;
};

/** The digests in the order of the files. Rejects as `hashFile` does, at the first that fails. */
export async function hashFiles(sources: readonly SizedSource[], options: Options): Promise<NamedFileDigest[]> {
  const { signal, onProgress: tell, hash = hashFile } = options;
  const digests: NamedFileDigest[] = [];
  for (const source of sources) {
    let state = stateOf(source, 0);
    tell(state);
    const onProgress = (more: number) => {
      const next = stateOf(source, state.bytes + more);
      if (next.percent !== state.percent) tell(next);
      state = next;
    };
    digests.push({ name: source.name, ...(await hash(source, { signal, onProgress })) });
  }
  return digests;
}

/** A file may give more than it was said to have; it is never more than done. */
function stateOf({ name, size: of }: SizedSource, bytes: number): HashingState {
  return { name, bytes, of, percent: of === 0 ? 100 : Math.min(100, Math.floor((bytes / of) * 100)) };
}
