'use client';
// The one polite live region of a page (it stands in page-frame.tsx), and the way to speak through it.

import { announcementsId } from './announce-region.ts';

/** Says a short sentence to screen readers, without moving the focus. The same sentence twice is said twice. */
export function announce(sentence: string): void {
  const region = document.getElementById(announcementsId);
  if (region === null) return;
  region.textContent = '';
  setTimeout(() => {
    region.textContent = sentence;
  }, 50);
}
