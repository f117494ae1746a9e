'use client';
// From the secret fields of the panel to an armored signature. The fields are read from the page at the moment of signing and emptied
// afterwards; key and passphrase are in no state, no form and no message but the one to the signing worker.

import { useRef, useState, type RefObject } from 'react';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { signInWorker } from '#lib/browser/sign.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { DocumentToSign, OwnKey } from './document.client.ts';

type Refused = { code: string; message: string };

type BrowserSigning = {
  /** Goes on the element that holds the fields marked `data-secret`. */
  box: RefObject<HTMLDivElement | null>;
  isSigning: boolean;
  refusal: Refused | null;
  sign: () => Promise<void>;
};

type Wanted = { document: DocumentToSign; keys: OwnKey[]; onSigned: (armored: string) => void };

/** `sign` gives the armored signature to `onSigned`, or sets the refusal. Rejects only for a fault of ours. */
export function useBrowserSigning({ document, keys, onSigned }: Wanted): BrowserSigning {
  const box = useRef<HTMLDivElement>(null);
  const [isSigning, setSigning] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);

  async function sign() {
    setRefusal(null);
    setSigning(true);
    try {
      const answer = await ask(box.current, document, keys);
      forget(box.current, answer.refusal === undefined);
      if (answer.refusal === undefined) onSigned(answer.armored);
      else setRefusal(answer.refusal);
    } catch (fault) {
      forget(box.current, false);
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      setSigning(false);
    }
  }
  return { box, isSigning, refusal, sign };
}

async function ask(box: HTMLElement | null, { shown, text, downloadPath }: DocumentToSign, keys: OwnKey[]) {
  const now = await requireFresh(downloadPath, text);
  return signInWorker({
    shown,
    bytes: new TextEncoder().encode(text),
    privateKey: box?.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0] ?? valueOf(box, 'key'),
    passphrase: valueOf(box, 'passphrase'),
    expectedKeys: keys.map((key) => key.fingerprint),
    now,
  });
}

type SecretField = HTMLInputElement | HTMLTextAreaElement;

const valueOf = (box: HTMLElement | null, name: string): string =>
  box?.querySelector<SecretField>(`[data-secret=${name}]`)?.value ?? '';

/** Empties the passphrase always, and the key once it has done its work. */
function forget(box: HTMLElement | null, isDone: boolean): void {
  const wanted = isDone ? '[data-secret], input[type=file]' : '[data-secret=passphrase]';
  for (const field of box?.querySelectorAll<SecretField>(wanted) ?? []) field.value = '';
}
