'use client';
// After an action on a page that stays: says that it is done, and keeps the focus near where it was. The form is mostly gone by then, since what it was for is
// done; without this, whoever hears the page or uses keys would be at its start and told nothing.

import { useEffect, useRef } from 'react';
import { announce } from './announce.client.ts';

type Sent = { submit: string; heading: HTMLElement | null };

/** Answers what notes that a form was sent, by the words of its button; `state` is what the action gave back last. */
export function useAfterAction(state: { refusal?: unknown }): (form: HTMLFormElement, submit: string) => void {
  const sent = useRef<Sent | null>(null);
  useEffect(() => {
    if (state.refusal === undefined) finish(sent.current);
    sent.current = null; // a refusal takes the focus by itself
  }, [state]);
  useEffect(() => () => finish(sent.current), []);
  return (form, submit) => {
    sent.current = { submit, heading: form.closest('section')?.querySelector('h2, h3') ?? null };
  };
}

/** Nothing where another page came. */
function finish(sent: Sent | null): void {
  if (!sent?.heading?.isConnected) return;
  announce(`${sent.submit}: done.`);
  if (document.activeElement !== document.body) return;
  sent.heading.tabIndex = -1;
  sent.heading.focus({ preventScroll: true });
}
