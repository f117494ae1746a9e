'use client';
// The state of a check: which file is being hashed and how far, what came out, and the way to stop it. A new check ends the one before it.

import { useEffect, useRef, useState } from 'react';
import { compareFiles, type ComparedFile } from '#lib/browser/compare-files.ts';
import { hashFile, type HashSource } from '#lib/browser/hash-file.ts';
import { isRefusal } from '#lib/core/errors.ts';

export type FileToCheck = { name: string; sha256: string; size: number; path: string };

/** One file under way. */
export type Checking = { name: string; bytes: number; of: number };

export type Compared = { of: 'the draft’s files' | 'your own files'; files: ComparedFile[] };

type Refused = { code: string; message: string };
type Sized = HashSource & { size: number };

export function useCheckFiles(files: FileToCheck[]) {
  const [state, setState] = useState<Checking | null>(null);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = () => running.current?.abort();
  useEffect(() => () => running.current?.abort(), []);

  async function check(of: Compared['of'], sources: Sized[]) {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setRefusal(null);
    setCompared(null);
    try {
      const digests = await hashAll(sources, control.signal, setState);
      setCompared({ of, files: compareFiles(files, digests) });
    } catch (fault) {
      if (control.signal.aborted) return;
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      if (running.current === control) setState(null);
    }
  }
  const checkDownloads = () =>
    void check(
      'the draft’s files',
      files.map(({ name, path, size }) => ({ name, from: path, size })),
    );
  function checkOwn(chosen: File[]): boolean {
    const sources = chosen.map((file) => ({ name: file.name, from: file, size: file.size }));
    if (sources.length > 0) void check('your own files', sources);
    return true;
  }
  return { state, refusal, compared, checkDownloads, checkOwn, stop };
}

async function hashAll(sources: Sized[], signal: AbortSignal, tell: (state: Checking) => void) {
  const digests: { name: string; sha256: string }[] = [];
  for (const source of sources) {
    const { name, size } = source;
    let bytes = 0;
    tell({ name, bytes, of: size });
    const onProgress = (more: number) => {
      const before = bytes;
      bytes += more;
      // A hundred steps a file are enough for the eye.
      if (Math.floor((bytes / size) * 100) !== Math.floor((before / size) * 100)) tell({ name, bytes, of: size });
    };
    const { sha256 } = await hashFile(source, { signal, onProgress });
    digests.push({ name, sha256 });
  }
  return digests;
}
