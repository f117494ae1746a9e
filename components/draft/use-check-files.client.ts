'use client';
// The state of a check: which file is being hashed and how far, what came out, and the way to stop it. A new check ends the one before it.

import { useEffect, useRef, useState } from 'react';
import { compareFiles, type ComparedFile } from '#lib/browser/compare-files.ts';
import { hashFiles, type HashingState, type SizedSource } from '#lib/browser/hash-files.ts';
import { isRefusal } from '#lib/core/errors.ts';

export type FileToCheck = { name: string; sha256: string; size: number; path: string };

export type Compared = { of: 'the draft’s files' | 'your own files'; files: ComparedFile[] };

type Refused = { code: string; message: string };

export function useCheckFiles(files: FileToCheck[]) {
  const [state, setState] = useState<HashingState | null>(null);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = () => running.current?.abort();
  useEffect(() => () => running.current?.abort(), []);

  async function check(of: Compared['of'], sources: SizedSource[]) {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setRefusal(null);
    setCompared(null);
    try {
      const digests = await hashFiles(sources, { signal: control.signal, onProgress: setState });
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
