// What a page was asked to compare: the query of the GET form of components/keys/compare-fingerprint.tsx. Hostile; nothing is trusted but
// that both are texts, and the key must be one that the page shows anyway.

import 'server-only';

export type Search = Record<string, string | string[] | undefined>;

/** Fingerprint of a shown key → what was pasted for it. */
export type Compared = Record<string, string | undefined>;

/** Empty where nothing was asked. */
export function readCompared({ compare, pasted }: Search): Compared {
  if (typeof compare !== 'string' || typeof pasted !== 'string') return {};
  return Object.fromEntries([[compare, pasted]]);
}
