'use client';
// The keys that this browser itself keeps and that count for the reader here. They are offered before a file is asked for.
// A browser that keeps none (or may keep nothing) gives an empty list; the other ways stand as ever.

import { useEffect, useState } from 'react';
import type { DeviceKey } from '#lib/browser/device-key.ts';
import { listDeviceKeys } from '#lib/browser/device-key-store.ts';
import { storedKeys } from '#lib/browser/stored-keys.ts';
import type { OwnKey } from './document.client.ts';

/** A key that lies here locked, to be opened with its passphrase. */
export type LockedKey = OwnKey & { privateKey: string; isLocked: true };

export type BrowserKey = LockedKey | (OwnKey & { privateKey: DeviceKey; isLocked: false });

export type Chosen<Key extends BrowserKey> = {
  kept: readonly Key[];
  /** Null stands for a key from elsewhere: a file, or pasted. */
  chosen: Key | null;
  choose: (key: Key | null) => void;
};

/** For signing: any key that lies here. The first of them, until the reader chooses. */
export const useChosenKey = (keys: readonly OwnKey[]): Chosen<BrowserKey> => useChoice(useBrowserKeys(keys));

/** For what only a key that can be opened does: decrypting, revoking. */
export const useChosenLockedKey = (keys: readonly OwnKey[]): Chosen<LockedKey> =>
  useChoice(useBrowserKeys(keys).filter((key) => key.isLocked));

function useChoice<Key extends BrowserKey>(kept: readonly Key[]): Chosen<Key> {
  const [choice, choose] = useState<Key | null | undefined>(undefined);
  return { kept, chosen: choice === undefined ? (kept[0] ?? null) : choice, choose };
}

/** Those of `keys` that lie in this browser; none at first, and on the server. */
function useBrowserKeys(keys: readonly OwnKey[]): BrowserKey[] {
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
