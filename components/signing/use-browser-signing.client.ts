'use client';
// From the secret fields of the panel to an armored signature. The fields are read from the page at the moment of signing and emptied
// afterwards, also when the page is left or hidden for five minutes; key and passphrase are in no state, no form and no message but the
// one to the signing worker.

import { useRef, useState, type RefObject } from 'react';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import type { HashedFile } from '#lib/browser/sign-once.ts';
import { signInWorker } from '#lib/browser/sign.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { DocumentToSign, OwnKey } from './document.client.ts';
import { forget, privateKeyIn, useForgetting, valueOf } from './secret-box.client.ts';
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
  /** The files that are signed along with the document; none for the document alone. */
  hashThem: () => Promise<HashedFile[]>;
  onSigned: (armored: string) => void;
};

/** `sign` gives the armored signature to `onSigned`, or sets the refusal. Rejects only for a fault of ours. */
export function useBrowserSigning({ document, keys, chosen, hashThem, onSigned }: Wanted): BrowserSigning {
  const box = useRef<HTMLDivElement>(null);
  const [isSigning, setSigning] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const hasForgotten = useForgetting(box);

  async function sign() {
    setRefusal(null);
    setSigning(true);
    try {
      const files = await hashThem();
      const answer = await ask(box.current, document, { keys, chosen, files });
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
  return { box, isSigning, refusal, hasForgotten, sign };
}

type With = Pick<Wanted, 'keys' | 'chosen'> & { files: HashedFile[] };

async function ask(box: HTMLElement | null, { shown, text, downloadPath }: DocumentToSign, wanted: With) {
  const { keys, chosen, files } = wanted;
  const now = await requireFresh(downloadPath, text);
  return signInWorker({
    ...{ shown, files },
    bytes: new TextEncoder().encode(text),
    privateKey: privateKeyIn(box, chosen),
    passphrase: valueOf(box, 'passphrase'),
    expectedKeys: keys.map((key) => key.fingerprint),
    now,
  });
}
