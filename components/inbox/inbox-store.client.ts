'use client';
// The newest that this page knows of what waits for its reader: from the server with the page, then from what is heard. One place for all parts
// of a page that show it, so that they never say different things.

import { useSyncExternalStore } from 'react';
import type { Inbox } from '#lib/browser/follow-inbox.ts';

let newest: Inbox | null = null;
const listeners = new Set<() => void>();

export const newestInbox = (): Inbox | null => newest;

export function keepInbox(inbox: Inbox): void {
  newest = inbox;
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** null until the page's script runs, and for a visitor: then what the server rendered stands. */
export const useInbox = (): Inbox | null => useSyncExternalStore(subscribe, newestInbox, () => null);
