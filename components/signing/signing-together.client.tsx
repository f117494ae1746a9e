'use client';
// The panel with which several drafts are signed by one unlocking of a key. It decides nothing: the worker compares each document with what is shown,
// and the server checks every signature. Once all are signed, what came of it still stands here.

import { useEffect, useState } from 'react';
import { useRouter } from 'next/navigation';
import { Actions, Button } from '#components/ui/button.tsx';
import { Forgotten } from './browser-way.client.tsx';
import { ClockNotice } from './clock-notice.client.tsx';
import type { OwnKey } from './document.client.ts';
import { SecretKeyFields } from './secret-fields.client.tsx';
import { SigningResults } from './signing-results.client.tsx';
import { SigningScript } from './signing-script.client.tsx';
import { useChosenKey } from './use-browser-keys.client.ts';
import { useSigningTogether, type OneOfSeveral } from './use-signing-together.client.ts';

export function SigningTogether({ all }: { all: OneOfSeveral[] }) {
  const choice = useChosenKey(keysOf(all));
  const { box, doing, state, hasForgotten, sign } = useSigningTogether(all, choice.chosen);
  useFreshPage(state);
  const signOnce = () => void (doing === null ? sign() : undefined);
  const clock = all[0]?.document.downloadPath;
  return (
    <>
      <SigningResults state={state} />
      {clock === undefined ? null : (
        <div ref={box} className="form" data-needs-script>
          <ClockNotice address={clock} />
          <p>
            The key is unlocked once, on this page, and signs each statement above by itself. It is not sent, and its
            passphrase is not kept; only the signatures leave. Each has its own answer: what cannot be signed keeps
            nothing else from being signed.
          </p>
          {hasForgotten ? <Forgotten /> : null}
          <SecretKeyFields {...choice} onEnter={signOnce} />
          <Actions>
            <Button look="primary" aria-disabled={doing !== null} onClick={signOnce}>
              {doing ?? (all.length === 1 ? `Sign ${all[0]?.name}` : `Sign these ${all.length} drafts`)}
            </Button>
          </Actions>
          <SigningScript />
        </div>
      )}
    </>
  );
}

/** Every key that counts for one of them. */
const keysOf = (all: readonly OneOfSeveral[]): OwnKey[] => [
  ...new Map(all.flatMap(({ keys }) => keys).map((key) => [key.fingerprint, key])).values(),
];

/** After the answers the page is loaded again in place: what was signed is no longer among what can be. */
function useFreshPage(state: object): void {
  const router = useRouter();
  const [first] = useState(state);
  useEffect(() => {
    if (state !== first) router.refresh();
  }, [router, state, first]);
}
