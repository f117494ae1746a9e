'use client';
// From the secret fields of the panel to an armored signature. The fields are read from the page at the moment of signing and emptied
// afterwards, also when the page is left or hidden for five minutes; key and passphrase are in no state, no form and no message but the
// one to the signing worker.

import { useRef, useState, type RefObject } from 'react';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { signInWorker } from '#lib/browser/sign.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { DocumentToSign, OwnKey } from './document.client.ts';
import { fileIn, forget, useForgetting, valueOf } from './secret-box.client.ts';
import type { BrowserKey } from './use-browser-keys.client.ts';

type Refused = { code: string; message: string };

type BrowserSigning = {
  /** Goes on the element that holds the fields marked `data-secret`. */
  box: RefObject<HTMLDivElement | null>;
  isSigning: boolean;
  refusal: Refused | null;
  /** The page was hidden so long that the fields were emptied. */
  hasForgotten: boolean;
  sign: () => Promise<void>;
};

type Wanted = {
  document: DocumentToSign;
  keys: OwnKey[];
  /** A key of this browser; null: the one in the fields. */
  chosen: BrowserKey | null;
  /** Armored signatures that go along with that over the document; empty for none. */
  alsoSign: () => Promise<string>;
  onSigned: (armored: string) => void;
};

/** `sign` gives the armored signature to `onSigned`, or sets the refusal. Rejects only for a fault of ours. */
export function useBrowserSigning({ document, keys, chosen, alsoSign, onSigned }: Wanted): BrowserSigning {
  const box = useRef<HTMLDivElement>(null);
  const [isSigning, setSigning] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const hasForgotten = useForgetting(box);

  async function sign() {
    setRefusal(null);
    setSigning(true);
    try {
      const more = await alsoSign();
      const answer = await ask(box.current, document, { keys, chosen });
      forget(box.current, answer.refusal === undefined);
      if (answer.refusal === undefined) onSigned(answer.armored + more);
      else setRefusal(answer.refusal);
    } catch (fault) {
      forget(box.current, false);
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      setSigning(false);
    }
  }
  return { box, isSigning, refusal, hasForgotten, sign };
}

type With = Pick<Wanted, 'keys' | 'chosen'>;

async function ask(box: HTMLElement | null, { shown, text, downloadPath }: DocumentToSign, { keys, chosen }: With) {
  const now = await requireFresh(downloadPath, text);
  return signInWorker({
    shown,
    bytes: new TextEncoder().encode(text),
    privateKey: chosen?.privateKey ?? fileIn(box) ?? valueOf(box, 'key'),
    passphrase: valueOf(box, 'passphrase'),
    expectedKeys: keys.map((key) => key.fingerprint),
    now,
  });
}
