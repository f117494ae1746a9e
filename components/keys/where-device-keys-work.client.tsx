'use client';
// A key of this browser is offered only where the browser can make one: it is asked to, and what it made is thrown away. Elsewhere one sentence says
// why, and where the other way is. Without script neither is shown; the pages say that themselves.

import { useEffect, useState, type ReactNode } from 'react';
import { canMakeDeviceKeys } from '#lib/browser/device-key.ts';
import { Notice } from '#components/ui/notice.tsx';

export function WhereDeviceKeysWork({ children }: { children: ReactNode }) {
  const [works, setWorks] = useState<boolean | null>(null);
  useEffect(() => {
    let isHere = true;
    void canMakeDeviceKeys().then((can) => {
      if (isHere) setWorks(can);
    });
    return () => {
      isHere = false;
    };
  }, []);
  if (works === null) return null;
  if (works) return <>{children}</>;
  return (
    <Notice title="Not in this browser: it has no Ed25519 that a page may use, or this page did not come over https.">
      <p>
        <a href="/account/keys/new/make">Make a key with a passphrase</a> instead; that works here as well.
      </p>
    </Notice>
  );
}
