// Signatures over the files of a release themselves, each made from the digest that one pass over the file gives (performance.md, 3.2). Only a key
// of this browser can: EdDSA signs a digest, and its handle takes one. A file that is not the one of the statement is not signed.
import { refuse } from '#lib/core/errors.ts';
import { askDigest, signDigest, type DeviceKey } from './device-key.ts';
import { hashFile } from './hash-file.ts';

export type FileToSign = { name: string; sha256: string; size: number; path: string };

export type FileSigning = {
  key: DeviceKey;
  files: readonly FileToSign[];
  /** The server's time in milliseconds. */
  now: number;
  /** Called with the name of the file that is being hashed. */
  onFile: (name: string) => void;
  hash?: typeof hashFile;
};

/** One armored block a file, one after the other. Refuses `check.differs` for another content, `check.failed` where a file did not come. */
export async function signFiles({ key, files, now, onFile, hash = hashFile }: FileSigning): Promise<string> {
  const { suffix } = askDigest(key.fingerprint, now);
  let armored = '';
  for (const { name, sha256, path } of files) {
    onFile(name);
    const digest = await hash({ name, from: path }, { tails: [suffix] });
    const [withTail] = digest.withTails;
    if (digest.sha256 !== sha256 || !withTail) throw refuse('check.differs', { name });
    armored += await signDigest(key, now, withTail);
  }
  return armored;
}
