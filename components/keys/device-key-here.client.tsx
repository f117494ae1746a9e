'use client';
// On the page of a key: whether its secret lies in this very browser, and the one click that ends it here. What the index makes of the key is
// said beside it. Shows nothing in any other browser.

import { useEffect, useState } from 'react';
import { dropDeviceKey, listDeviceKeys } from '#lib/browser/device-key-store.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import { DeviceKeyWords } from './device-key-words.tsx';

type State = 'elsewhere' | 'here' | 'ended';

export function DeviceKeyHere({ fingerprint }: { fingerprint: string }) {
  const [state, setState] = useState<State>('elsewhere');
  const [refusal, setRefusal] = useState<{ code: string; message: string } | null>(null);
  useEffect(() => {
    void listDeviceKeys().then((keys) => {
      if (keys.some((key) => key.fingerprint === fingerprint)) setState('here');
    });
  }, [fingerprint]);

  async function end() {
    try {
      await dropDeviceKey(fingerprint);
      setState('ended');
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    }
  }
  if (state === 'elsewhere') return null;
  if (state === 'ended') return <Ended />;
  return (
    <Clause title="This key lives in this browser">
      <FormRefusal refusal={refusal} />
      <DeviceKeyWords />
      <p>Whoever ends it here should have it say so first: “Revoke it”, below. Afterwards nothing here can.</p>
      <Actions>
        <Button look="danger" onClick={() => void end()}>
          End this key in this browser
        </Button>
      </Actions>
    </Clause>
  );
}

function Ended() {
  return (
    <Notice live tone="good" title="The key is gone from this browser. Nothing can be signed with it any more.">
      <p>
        What it signed keeps counting. Unless it is revoked, say now that the key is lost, so that the index takes
        nothing more by it and your projects stop naming it.
      </p>
    </Notice>
  );
}
