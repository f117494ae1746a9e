'use client';
// On the page of a key: whether this browser keeps it, and the two things to do about that. Says nothing where it does not.

import { useEffect, useState } from 'react';
import { saveFile } from '#lib/browser/save-file.ts';
import { forgetStoredKey, storedKeys, type StoredKey } from '#lib/browser/stored-keys.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { announce } from '#components/ui/announce.client.ts';
import { Clause } from '#components/ui/page.tsx';

export function KeptHere({ fingerprint }: { fingerprint: string }) {
  const [key, setKey] = useState<StoredKey | null>(null);
  useEffect(() => {
    let isHere = true;
    void storedKeys().then((keys) => {
      if (isHere) setKey(keys.find((kept) => kept.fingerprint === fingerprint) ?? null);
    });
    return () => {
      isHere = false;
    };
  }, [fingerprint]);
  if (key === null) return null;
  async function remove() {
    await forgetStoredKey(fingerprint);
    setKey(null);
    announce('This browser no longer keeps the key.');
  }
  return (
    <Clause title="Kept in this browser">
      <p>
        Locked with its passphrase, for this site only. If you take it away, you sign with the backup file; the key
        itself stays as it is.
      </p>
      <Actions>
        <Button onClick={() => saveFile(`countersign-backup-${fingerprint}.asc`, key.privateKey)}>
          Save the backup file again
        </Button>
        <Button look="quiet" onClick={() => void remove()}>
          Take it out of this browser
        </Button>
      </Actions>
    </Clause>
  );
}
