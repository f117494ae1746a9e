'use client';
// Whether the files themselves are signed along with the statement: they are downloaded and hashed here, with progress and a way to stop, and the
// signing worker signs their hashes. As many files as go into one hand-in: all signatures are judged together, so that none comes after
// the draft was approved by another.

import { useEffect, useRef, useState } from 'react';
import { hashFiles, type HashingState } from '#lib/browser/hash-files.ts';
import type { HashedFile } from '#lib/browser/sign-once.ts';
import { refuse } from '#lib/core/errors.ts';
import type { DocumentToSign, FileToSign } from './document.client.ts';

/** One hand-in takes 16 signatures, and one of them is that over the statement. */
const filesMax = 15;

export type WithFiles = {
  /** `here`: with one checkbox; `tools`: there are too many for one hand-in; null: there are none, or their signatures would not count. */
  way: 'here' | 'tools' | null;
  files: readonly FileToSign[];
  isWanted: boolean;
  want: (isWanted: boolean) => void;
  /** The file that is being hashed for its signature. */
  hashing: HashingState | null;
  stop: () => void;
  /** What the signing worker needs of each file; nothing where they are not wanted. Refuses `check.failed`, `signing.stopped`. */
  hashThem: () => Promise<HashedFile[]>;
};

export function useFileSigning({ files = [], text }: DocumentToSign): WithFiles {
  const [isWanted, want] = useState(false);
  const [hashing, setHashing] = useState<HashingState | null>(null);
  const running = useRef<AbortController | null>(null);
  // So that a mistyped passphrase does not read a gigabyte twice.
  const before = useRef<{ text: string; files: HashedFile[] } | null>(null);
  const stop = () => running.current?.abort(refuse('signing.stopped', {}));
  useEffect(() => () => running.current?.abort(refuse('signing.stopped', {})), []);
  const way = files.length === 0 ? null : files.length <= filesMax ? 'here' : 'tools';

  async function hashThem(): Promise<HashedFile[]> {
    if (!isWanted || way !== 'here') return [];
    if (before.current?.text === text) return before.current.files;
    const control = new AbortController();
    running.current = control;
    try {
      const sources = files.map(({ name, path, size }) => ({ name, from: path, size }));
      before.current = { text, files: await hashFiles(sources, { signal: control.signal, onProgress: setHashing }) };
      return before.current.files;
    } finally {
      setHashing(null);
    }
  }
  return { way, files, isWanted, want, hashing, stop, hashThem };
}
