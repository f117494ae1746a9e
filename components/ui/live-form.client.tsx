'use client';
// A GET form whose answer follows what is typed: a moment after the last change the page is asked again, at the same place; so it is for what was typed
// before the script came. Without script the button does the same. Nothing is changed by asking.

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useTransition, type ReactNode } from 'react';
import { Actions, Button } from './button.tsx';

type LiveFormProps = { path: string; label: string; submit: string; children: ReactNode };

const pauseMs = 350;

export function LiveForm({ path, label, submit, children }: LiveFormProps) {
  const router = useRouter();
  const shown = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isAsking, startAsking] = useTransition();

  const askSoon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const form = shown.current;
      if (form?.checkValidity()) startAsking(() => router.replace(`${path}?${queryOf(form)}`, { scroll: false }));
    }, pauseMs);
  }, [path, router]);
  useEffect(() => {
    if (shown.current && isChanged(shown.current)) askSoon();
    return () => clearTimeout(timer.current);
  }, [askSoon]);

  return (
    <form
      ref={shown}
      method="get"
      action={`${path}#what-it-does`}
      className="form"
      aria-label={label}
      aria-busy={isAsking}
      onInput={askSoon}
    >
      {children}
      <Actions>
        <Button type="submit">{submit}</Button>
      </Actions>
    </form>
  );
}

function queryOf(form: HTMLFormElement): string {
  const texts = [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new URLSearchParams(texts).toString();
}

/** Whether it says something else than when it came. */
const isChanged = (form: HTMLFormElement): boolean =>
  [...form.elements].some((field) => {
    if (field instanceof HTMLSelectElement)
      return [...field.options].some((option) => option.selected !== option.defaultSelected);
    if (!(field instanceof HTMLInputElement)) return false;
    return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  });
