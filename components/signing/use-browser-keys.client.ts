'use client';
// The keys that this browser itself keeps and that count for the reader here. They are offered before a file is asked for.
// A browser that keeps none (or may keep nothing) gives an empty list; the other ways stand as ever.

import { useEffect, useState } from 'react';
import { listDeviceKeys } from '#lib/browser/device-key-store.ts';
import type { SigningRequest } from '#lib/browser/sign-once.ts';
import { storedKeys } from '#lib/browser/stored-keys.ts';
import type { OwnKey } from './document.client.ts';

export type BrowserKey = OwnKey & {
  privateKey: SigningRequest['privateKey'];
  /** Asks for its passphrase. */
  isLocked: boolean;
};

/** Those of `keys` that lie in this browser; none at first, and on the server. */
export function useBrowserKeys(keys: readonly OwnKey[]): BrowserKey[] {
  const [kept, setKept] = useState<BrowserKey[]>([]);
  const counting = keys.map(({ fingerprint }) => fingerprint).join(' ');
  useEffect(() => {
    let isHere = true;
    void Promise.all([deviceKeys(), lockedKeys()]).then(([handles, locked]) => {
      const found = [...handles, ...locked];
      if (isHere) setKept(found.filter(({ fingerprint }) => counting.split(' ').includes(fingerprint)));
    });
    return () => {
      isHere = false;
    };
  }, [counting]);
  return kept;
}

async function lockedKeys(): Promise<BrowserKey[]> {
  const keys = await storedKeys();
  return keys.map(({ fingerprint, userId, privateKey }) => ({ fingerprint, userId, privateKey, isLocked: true }));
}

/** Keys that no script can read: their handle signs without a passphrase. */
async function deviceKeys(): Promise<BrowserKey[]> {
  const keys = await listDeviceKeys();
  return keys.map(({ fingerprint, userId, privateKey }) => {
    const handle = { fingerprint, privateKey };
    return { fingerprint, userId, privateKey: handle, isLocked: false };
  });
}
