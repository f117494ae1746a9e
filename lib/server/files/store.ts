// Files by content, under their SHA-256 and never changed once there: what every command works with, wherever the bytes lie (folder-store.ts, s3-store.ts).
// Uploaded bytes are hostile and may be as long as the sender likes: they are taken in with constant memory, counted and hashed on the way,
// and nothing is left of what is refused. Nothing here knows names, projects or people.
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Sha256 } from '#lib/core/ids.ts';
import type { Config } from '#lib/server/config.ts';
import { limits } from '#lib/server/limits.ts';
import { openBucket } from './bucket.ts';
import { openFolderStore } from './folder-store.ts';
import { openS3Store } from './s3-store.ts';

export type StoredFile = { sha256: Sha256; size: number };
/** First and last byte, both included, as in HTTP. */
export type ByteRange = { start: number; end: number };
/** `since`: when its bytes were last taken in. */
export type ListedFile = StoredFile & { since: Date };

export type FileStore = {
  /**
   * Takes in foreign bytes up to a limit; with `sha256` only those very bytes. Leaves nothing behind when it refuses.
   * @throws `upload.too-large`, `upload.digest-differs`, `upload.broken-off`
   */
  receive(bytes: AsyncIterable<Uint8Array>, options: { bytesMax: number; sha256?: Sha256 }): Promise<StoredFile>;
  has(sha256: Sha256): Promise<boolean>;
  /** @throws `file.not-in-store` */
  size(sha256: Sha256): Promise<number>;
  /** The whole file; only for what is known to be small. @throws `file.not-in-store` */
  read(sha256: Sha256): Promise<Buffer>;
  /** A stream of the file or of a part of it. @throws `file.not-in-store` */
  open(sha256: Sha256, range?: ByteRange): Promise<Readable>;
  /**
   * Where the file is on this machine, for workers, children and links: to be read soon, never written, never removed.
   * @throws `file.not-in-store`
   */
  local(sha256: Sha256): Promise<string>;
  /** Every file, in no order that means anything. */
  list(): AsyncIterable<ListedFile>;
  /** Removes a file unless its bytes were taken in (again) at `before` or later; says whether it did. That nothing names it is the caller's to know. */
  remove(sha256: Sha256, options: { before: Date }): Promise<boolean>;
  parts: Parts;
  /** Writes, reads and removes a few bytes of its own; rejects with the fault where that does not work. */
  check(): Promise<void>;
  /** Removes what killed programs left of their work before then: nothing that has a name here. */
  tidy(before: Date): Promise<void>;
};

/**
 * What came so far of uploads that are not complete: durable, and the same for every process. `upload` is an id of ours.
 * Which bytes count is what lies without a gap from 0 on; complete, they go through `receive` once, which judges them.
 */
export type Parts = {
  /**
   * Keeps what comes as the bytes from `offset` on, piece by piece; answers how many of them are durable. What came before a connection broke
   * stays and counts. Bytes that were kept from there on before are gone. Two at once at one upload are the caller's to prevent.
   * @throws `upload.wrong-offset` unless it is what `kept` says, or where an earlier call ended; `upload.too-large` past `bytesMax`: what came up
   *   to there stays
   */
  put(
    upload: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: { bytesMax: number },
  ): Promise<{ kept: number; isWhole: boolean }>;
  /** How many bytes lie there without a gap. */
  kept(upload: string): Promise<number>;
  /** Those bytes, `length` of them. Rejects with `upload.parts-missing` where there are fewer. */
  read(upload: string, length: number): AsyncIterable<Uint8Array>;
  /** Removes all of it, also where there is nothing. */
  remove(upload: string): Promise<void>;
  /** The uploads of which something is kept. */
  uploads(): AsyncIterable<string>;
};

const folders = (dataFolder: string) => ({
  files: path.join(dataFolder, 'files'),
  copies: path.join(dataFolder, 'files-copies'),
});

/** Where `local` puts what it names, with either store: what a program that opens archives has to be able to read. */
export const localFolders = (dataFolder: string): string[] => Object.values(folders(dataFolder));

/** Opens the store that the settings name: a bucket that several machines share, or a folder of this one. */
export function openFileStore({ dataFolder, filesBucket, bucketKeys }: Config): Promise<FileStore> {
  if (filesBucket === null || bucketKeys === null) return openFolderStore(folders(dataFolder).files);
  const copies = { folder: folders(dataFolder).copies, bytesMax: limits.fileCopiesBytesMax };
  return openS3Store(openBucket(filesBucket, bucketKeys), copies);
}
