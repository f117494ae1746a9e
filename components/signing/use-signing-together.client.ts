'use client';
// Several documents with one unlocking of the key: each is asked for again on the server, all are signed by one worker, and each is handed in by
// itself with an answer of its own. What does not go keeps nothing else from going. The fields are read and emptied as for a single one
// (secret-box.client.ts); key and passphrase are in no state, no form and no message but the one to the worker.

import { useRef, useState, type RefObject } from 'react';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { signTogetherInWorker } from '#lib/browser/sign.ts';
import type { SigningAnswer } from '#lib/browser/sign-once.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { DocumentToSign, HandedSignature, HandInSignatures, OwnKey, SigningState } from './document.client.ts';
import { forget, privateKeyIn, useForgetting, valueOf } from './secret-box.client.ts';
import type { BrowserKey } from './use-browser-keys.client.ts';

/** A document among several: what it is called, with which keys it may be signed, and where its signature goes. */
export type OneOfSeveral = {
  /** `sunrise 1.2.0` */
  name: string;
  document: DocumentToSign;
  keys: readonly OwnKey[];
  handIn: HandInSignatures;
};

export type SigningTogether = {
  /** Goes on the element that holds the fields marked `data-secret`. */
  box: RefObject<HTMLDivElement | null>;
  /** What is being done; null: nothing. */
  doing: string | null;
  /** One sentence for each document, or why the key could not be used. */
  state: SigningState;
  hasForgotten: boolean;
  sign: () => Promise<void>;
};

type Fresh = { one: OneOfSeveral; now: number };

/** `sign` signs those that have not been signed here. Rejects only for a fault of ours. */
export function useSigningTogether(all: readonly OneOfSeveral[], chosen: BrowserKey | null): SigningTogether {
  const box = useRef<HTMLDivElement>(null);
  const [doing, setDoing] = useState<string | null>(null);
  const [state, setState] = useState<SigningState>({ results: [] });
  const hasForgotten = useForgetting(box);

  async function sign(): Promise<void> {
    const done = state.results.filter((result) => result.counts);
    setDoing('Signing…');
    try {
      const { fresh, results } = await askFresh(all);
      const answer = await signAll(box.current, fresh, chosen);
      forget(box.current, answer.refusal === undefined);
      if (answer.refusal) return setState({ results: done, refusal: answer.refusal });
      for (const [at, { one }] of fresh.entries()) {
        setDoing(`Handing in ${at + 1} of ${fresh.length}…`);
        results.push(await handInOne(one, answer.answers[at]));
      }
      setState({ results: [...done, ...results] });
    } catch (fault) {
      forget(box.current, false);
      if (!isRefusal(fault)) throw fault;
      setState({ results: done, refusal: { code: fault.code, message: fault.message } });
    } finally {
      setDoing(null);
    }
  }
  return { box, doing, state, hasForgotten, sign };
}

/** Those that still are what is shown; what moved on is refused by itself. */
async function askFresh(all: readonly OneOfSeveral[]): Promise<{ fresh: Fresh[]; results: HandedSignature[] }> {
  const [fresh, results]: [Fresh[], HandedSignature[]] = [[], []];
  for (const one of all) {
    try {
      fresh.push({ one, now: await requireFresh(one.document.downloadPath, one.document.text) });
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      results.push({ name: one.name, counts: false, sentence: fault.message });
    }
  }
  return { fresh, results };
}

async function signAll(box: HTMLElement | null, fresh: readonly Fresh[], chosen: BrowserKey | null) {
  const now = fresh.at(-1)?.now;
  if (now === undefined) return { answers: [] };
  return signTogetherInWorker({
    documents: fresh.map(({ one: { document, keys } }) => ({
      shown: document.shown,
      bytes: new TextEncoder().encode(document.text),
      expectedKeys: keys.map((key) => key.fingerprint),
    })),
    privateKey: privateKeyIn(box, chosen),
    passphrase: valueOf(box, 'passphrase'),
    now,
  });
}

/** What became of one document: why it was not signed, or what the server says of the signature. */
async function handInOne({ name, handIn }: OneOfSeveral, answer: SigningAnswer | undefined): Promise<HandedSignature> {
  if (answer?.armored === undefined) return { name, counts: false, sentence: answer?.refusal.message ?? noAnswer };
  const form = new FormData();
  form.set('way', 'browser');
  form.set('pasted', answer.armored);
  const { results, refusal } = await handIn({ results: [] }, form).catch(() => unknown);
  const [result] = results;
  return result ? { ...result, name } : { name, counts: false, sentence: refusal?.message ?? noAnswer };
}

const unknown: SigningState = { results: [] };
const noAnswer =
  'No answer came, so it is not known whether it counts. Load the page again: it says whether you signed.';
