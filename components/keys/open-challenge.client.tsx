'use client';
// Opening the encrypted message in the page: a private key that this browser keeps, or one that is chosen or pasted here, is handed to the
// opening worker together with the passphrase, and forgotten. None of these fields has a name or stands in a form; only the token inside
// the message goes on.
// Refuses in words: wrong passphrase, another key, a message that is no challenge of ours.

import { startTransition, useActionState, useRef, useState } from 'react';
import { openInWorker } from '#lib/browser/open-challenge.ts';
import type { ShownChallenge } from '#lib/browser/open-once.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { forget, privateKeyIn, useForgetting, valueOf } from '#components/signing/secret-box.client.ts';
import { SecretKeyFields } from '#components/signing/secret-fields.client.tsx';
import { useChosenLockedKey, type LockedKey } from '#components/signing/use-browser-keys.client.ts';
import type { FormAction } from '#components/ui/action-form.client.tsx';
import { Actions, Button } from '#components/ui/button.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';

type OpenChallengeProps = {
  shown: ShownChallenge;
  /** The encrypted message, as it was mailed. */
  sealed: string;
  /** Takes a form with the token under `opened`. */
  handIn: FormAction;
};

type Refused = { code: string; message: string };

export function OpenChallenge({ shown, sealed, handIn }: OpenChallengeProps) {
  const box = useRef<HTMLDivElement>(null);
  const choice = useChosenLockedKey([{ fingerprint: shown.key, userId: shown.account }]);
  const [state, send, isHandingIn] = useActionState(handIn, {});
  const [isOpening, setOpening] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const hasForgotten = useForgetting(box);

  async function open() {
    setRefusal(null);
    setOpening(true);
    try {
      const answer = await ask(box.current, { shown, sealed, chosen: choice.chosen });
      forget(box.current, answer.refusal === undefined);
      if (answer.refusal === undefined) hand(answer.token);
      else setRefusal(answer.refusal);
    } catch (fault) {
      forget(box.current, false);
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      setOpening(false);
    }
  }
  function hand(token: string) {
    const form = new FormData();
    form.set('opened', token);
    startTransition(() => send(form));
  }
  const isBusy = isOpening || isHandingIn;
  const openOnce = () => void (isBusy ? undefined : open());
  return (
    <div ref={box} className="form" data-needs-script>
      <p>
        The key is used on this page for the length of one message. It is not sent, stored or kept; only the token
        inside the message leaves.
      </p>
      <FormRefusal refusal={refusal ?? state.refusal} />
      {hasForgotten ? (
        <p role="status">What you had chosen and typed was forgotten: the page was hidden for five minutes.</p>
      ) : null}
      <SecretKeyFields {...choice} onEnter={openOnce} />
      <Actions>
        <Button aria-disabled={isBusy} onClick={openOnce}>
          {isOpening ? 'Opening…' : isHandingIn ? 'Handing in…' : 'Open it and prove this key'}
        </Button>
      </Actions>
    </div>
  );
}

type Asked = Pick<OpenChallengeProps, 'shown' | 'sealed'> & { chosen: LockedKey | null };

const ask = (box: HTMLElement | null, { shown, sealed, chosen }: Asked) =>
  openInWorker({
    ...{ shown, message: sealed },
    privateKey: privateKeyIn(box, chosen),
    passphrase: valueOf(box, 'passphrase'),
    now: Date.now(),
  });
