'use client';
// Making a key: first what it should be, then what must be saved before it is registered. The passphrase is in no state, no form and no
// message but the one to the worker; what stays on the page afterwards is locked with it.

import { useState } from 'react';
import type { FormAction } from '#components/ui/action-form.client.tsx';
import { KeyWishes } from './key-wishes.client.tsx';
import { SaveMadeKey, type MadeHere } from './save-made-key.client.tsx';

type MakeKeyProps = {
  /** Takes `certificate`, the armored public half. */
  action: FormAction;
  /** The account name, which stands in the key unless the reader writes another. */
  name: string;
  addresses: string[];
  /** The server's time when the page was made. */
  now: number;
  index: { name: string; address: string };
};

export function MakeKey({ action, index, ...wishes }: MakeKeyProps) {
  const [made, setMade] = useState<MadeHere | null>(null);
  return (
    <div data-needs-script>
      {made === null ? (
        <KeyWishes {...wishes} onMade={setMade} />
      ) : (
        <SaveMadeKey made={made} action={action} index={index} />
      )}
    </div>
  );
}
