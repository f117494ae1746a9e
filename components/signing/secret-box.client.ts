'use client';
// The element that holds the fields of a private key (secret-fields.client.tsx): read at the moment of use, emptied afterwards, and when the
// page is left or hidden for five minutes. What stands in the fields is in no state and in no form.

import { useEffect, useState, type RefObject } from 'react';
import { whenLeft } from '#lib/browser/when-left.ts';
import type { BrowserKey } from './use-browser-keys.client.ts';

type SecretField = HTMLInputElement | HTMLTextAreaElement;

/** The private key that is meant at this moment: one of this browser, else the chosen file, else what was pasted. */
export function privateKeyIn<Key extends BrowserKey>(
  box: HTMLElement | null,
  chosen: Key | null,
): Key['privateKey'] | File | string {
  return chosen?.privateKey ?? fileIn(box) ?? valueOf(box, 'key');
}

const fileIn = (box: HTMLElement | null): File | undefined =>
  box?.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0];

/** What stands in one of the secret fields at this moment. */
export const valueOf = (box: HTMLElement | null, name: string): string =>
  box?.querySelector<SecretField>(`[data-secret=${name}]`)?.value ?? '';

/** Empties the passphrase always, and the key once it has done its work. */
export function forget(box: HTMLElement | null, isDone: boolean): void {
  const wanted = isDone ? '[data-secret], input[type=file]' : '[data-secret=passphrase]';
  for (const field of box?.querySelectorAll<SecretField>(wanted) ?? []) field.value = '';
}

/** Empties all fields when the page is left or was hidden too long; true once the reader should be told. */
export function useForgetting(box: RefObject<HTMLElement | null>): boolean {
  const [hasForgotten, setForgotten] = useState(false);
  useEffect(
    () =>
      whenLeft((why) => {
        const isEmpty = valueOf(box.current, 'key') + valueOf(box.current, 'passphrase') === '' && !fileIn(box.current);
        forget(box.current, true);
        if (why === 'hidden' && !isEmpty) setForgotten(true);
      }),
    [box],
  );
  return hasForgotten;
}
