'use client';
// Says that this machine's clock is off before somebody signs. In the page the server's time is used; gpg and sq use the machine's, and
// what they date into the future is refused.

import { useEffect, useState } from 'react';
import { askClock, type ClockOff } from '#lib/browser/clock.ts';
import { Notice } from '#components/ui/notice.tsx';

export function ClockNotice({ address }: { address: string }) {
  const [off, setOff] = useState<ClockOff | null>(null);
  useEffect(() => {
    let isHere = true;
    void askClock(address).then((found) => {
      if (isHere) setOff(found);
    });
    return () => {
      isHere = false;
    };
  }, [address]);
  if (off === null) return null;
  const { minutes, direction, serverTime } = off;
  return (
    <Notice live tone="warning" title={`The clock of this machine is ${minutes} minutes ${direction}.`}>
      <p>
        The server says {new Date(serverTime).toISOString().slice(11, 16)} UTC. Signing in this browser uses that time.
        GnuPG and Sequoia use your clock: set it first.
      </p>
    </Notice>
  );
}
