// One GET to a host that the operator named. A name that leads into a private network is not asked (an operator who means such a host writes
// its address, or localhost, into the setting); an answer above its limit is none.
import type { LookupAddress } from 'node:dns';
import { ask, type Answered } from './ask.ts';
import { isOwnWord } from './private-address.ts';

export type Bounds = {
  bytesMax: number;
  /** From the first lookup to the last byte. */
  ms: number;
  accept: string;
  /** Tests answer names themselves. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
};

/** Fetches. Never throws for what happens outside: `why` says in a few words what went wrong. */
export function getBounded(url: URL, { accept, ...bounds }: Bounds): Promise<Answered> {
  const headers = { Accept: accept };
  return ask({ url, method: 'GET', headers, longer: 'refused', trusted: isOwnWord(url.hostname), ...bounds });
}
