'use client';
// What both passkey buttons share: run one ceremony in the browser and say in a sentence why it ended without an answer. The browser shows
// its own dialog; nothing of the passkey's secret is ever here.

import { useState } from 'react';
import { WebAuthnError } from '@simplewebauthn/browser';

export type Refused = { code: string; message: string };

/** Asking the server for a question: options for the browser, or its refusal. */
export type Asked<Options> = { options: Options; refusal?: undefined } | { refusal: Refused };

const said: Record<string, string> = {
  InvalidStateError: 'This device has a passkey for this account already; nothing was added.',
  NotAllowedError: 'The passkey was not used: the dialog was closed, or it took too long. Nothing was changed.',
  AbortError: 'The passkey was not used: the dialog was closed. Nothing was changed.',
  SecurityError:
    'The browser refuses passkeys at this address. Open the instance at its public address, or sign in by mail.',
};

function refusalOf(fault: unknown): Refused {
  const name = fault instanceof Error ? fault.name : '';
  if (!(fault instanceof WebAuthnError) && said[name] === undefined) throw fault;
  return { code: 'passkey.not-used', message: said[name] ?? 'This browser could not use a passkey. Sign in by mail.' };
}

/** `run` asks, lets the passkey answer and hands the answer in; a refusal of any of the three is kept. */
export function usePasskey<Options, Answer>(
  ask: () => Promise<Asked<Options>>,
  answerWith: (options: Options) => Promise<Answer>,
  handIn: (answer: string) => Promise<{ refusal?: Refused | undefined }>,
) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  async function run() {
    if (isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      const asked = await ask();
      if (asked.refusal) return setRefusal(asked.refusal);
      const answer = await answerWith(asked.options);
      const done = await handIn(JSON.stringify(answer));
      setRefusal(done.refusal ?? null);
    } catch (fault) {
      setRefusal(refusalOf(fault));
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, refusal, run };
}
