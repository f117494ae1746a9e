'use client';
// From the fields of the page to a made key. They are read at the moment of making; the passphrase goes to the worker and is emptied, also
// when the page is left or hidden for five minutes.

import { useEffect, useRef, useState, type RefObject } from 'react';
import { makeKeyInWorker } from '#lib/browser/make-key.ts';
import { whenLeft } from '#lib/browser/when-left.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { MadeHere } from './save-made-key.client.tsx';

type Refused = { code: string; message: string };

type Making = {
  /** Goes on the element that holds the fields. */
  box: RefObject<HTMLDivElement | null>;
  isMaking: boolean;
  refusal: Refused | null;
  make: () => Promise<void>;
};

/** `make` gives the locked key to `onMade`, or sets the refusal. Rejects only for a fault of ours. */
export function useMaking({ now, onMade }: { now: number; onMade: (made: MadeHere) => void }): Making {
  const box = useRef<HTMLDivElement>(null);
  const [isMaking, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  // The machine's clock may be wrong: the server's time goes on from the moment at which the page stood.
  const [shownAt] = useState(() => performance.now());
  useEffect(() => whenLeft(() => forget(box.current)), []);

  async function make() {
    setRefusal(null);
    setMaking(true);
    try {
      const answer = await madeFrom(box.current, now + performance.now() - shownAt);
      if (answer.refusal === undefined) onMade(answer.made);
      else setRefusal(answer.refusal);
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
    } finally {
      forget(box.current);
      setMaking(false);
    }
  }
  return { box, isMaking, refusal, make };
}

type Answer = { made: MadeHere; refusal?: undefined } | { made?: undefined; refusal: Refused };

async function madeFrom(box: HTMLElement | null, at: number): Promise<Answer> {
  const passphrase = valueOf(box, '[data-secret=passphrase]');
  if (passphrase !== valueOf(box, '[data-secret=again]')) throw refuse('made-key.other-passphrase', {});
  const [name, address] = [valueOf(box, '[name=holder]'), valueOf(box, '[name=address]')];
  // OpenPGP counts whole seconds.
  const made = Math.floor(at / 1000) * 1000;
  const expires = yearsLater(made, Number(valueOf(box, '[name=years]')));
  const answer = await makeKeyInWorker({ name, address, passphrase, made, expires });
  if (answer.refusal !== undefined) return answer;
  const keepHere = box?.querySelector<HTMLInputElement>('[data-keep]')?.checked === true;
  return { made: { ...answer.made, userId: `${name.trim()} <${address}>`, madeAt: made, expires, keepHere } };
}

function yearsLater(moment: number, years: number): number {
  const date = new Date(moment);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

type TextControl = HTMLInputElement | HTMLSelectElement;

const valueOf = (box: HTMLElement | null, selector: string): string =>
  box?.querySelector<TextControl>(selector)?.value ?? '';

function forget(box: HTMLElement | null): void {
  for (const field of box?.querySelectorAll<HTMLInputElement>('[data-secret]') ?? []) field.value = '';
}
