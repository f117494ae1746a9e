'use client';
// Whether the files themselves are signed along with the statement, and the signing of them. Possible with a key of this browser alone, and for
// as many files as go into one hand-in: all signatures are judged together, so that none comes after the draft was approved by another.

import { useState } from 'react';
import type { DeviceKey } from '#lib/browser/device-key.ts';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { signFiles, type FileToSign } from '#lib/browser/sign-files.ts';
import type { DocumentToSign } from './document.client.ts';
import type { BrowserKey } from './use-browser-keys.client.ts';

/** One hand-in takes 16 signatures, and one of them is that over the statement. */
const filesMax = 15;

export type WithFiles = {
  /** `here`: with one checkbox; `tools`: with GnuPG only; null: there are none, or their signatures would not count. */
  way: 'here' | 'tools' | null;
  files: readonly FileToSign[];
  isWanted: boolean;
  want: (isWanted: boolean) => void;
  /** The file that is being hashed for its signature. */
  hashing: string | null;
  alsoSign: () => Promise<string>;
};

export function useFileSigning(
  { files = [], text, downloadPath }: DocumentToSign,
  chosen: BrowserKey | null,
): WithFiles {
  const [isWanted, want] = useState(false);
  const [hashing, setHashing] = useState<string | null>(null);
  const handle = handleOf(chosen);
  const canHere = handle !== null && files.length <= filesMax;

  async function alsoSign(): Promise<string> {
    if (!isWanted || handle === null || !canHere) return '';
    try {
      const now = await requireFresh(downloadPath, text);
      return await signFiles({ key: handle, files, now, onFile: setHashing });
    } finally {
      setHashing(null);
    }
  }
  const way = files.length === 0 ? null : canHere ? 'here' : 'tools';
  return { way, files, isWanted, want, hashing, alsoSign };
}

function handleOf(chosen: BrowserKey | null): DeviceKey | null {
  const key = chosen?.privateKey;
  return typeof key === 'object' && 'fingerprint' in key ? key : null;
}
