'use client';
// A GET form whose answer follows what is typed: a moment after the last change the page is asked again, at the same place. Without script the
// button does the same. Nothing is changed by asking.

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useTransition, type FormEvent, type ReactNode } from 'react';
import { Actions, Button } from './button.tsx';

type LiveFormProps = { path: string; label: string; submit: string; children: ReactNode };

const pauseMs = 350;

export function LiveForm({ path, label, submit, children }: LiveFormProps) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isAsking, startAsking] = useTransition();
  useEffect(() => () => clearTimeout(timer.current), []);

  function askSoon(event: FormEvent<HTMLFormElement>) {
    const form = event.currentTarget;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (form.checkValidity()) startAsking(() => router.replace(`${path}?${queryOf(form)}`, { scroll: false }));
    }, pauseMs);
  }

  return (
    <form
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
