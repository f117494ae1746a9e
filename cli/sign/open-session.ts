// What the commands that need a token work with: the index, the token for it, and the name under which that index is pinned on this machine, if it is.
import type { IndexName } from '#lib/core/ids.ts';
import { openApi, type Api } from '#cli/index/ask-api.ts';
import { openIndex } from '#cli/index/fetch-index.ts';
import type { Ask } from '#cli/trust/ask.ts';
import type { Home } from '#cli/trust/home.ts';
import { pinnedIndexes } from '#cli/trust/store.ts';
import { findToken } from './token.ts';

export type SignTools = {
  home: Home;
  /** COUNTERSIGN_TOKEN. */
  token: string | undefined;
  /** null: there is nobody at a terminal. */
  ask: Ask | null;
  /** Told on the way, a line each: standard error. */
  tell: (line: string) => void;
};

/** Refuses `input.not-a` for an address that is none, and `token.…`. */
export function openSession(index: string, { home, token }: Pick<SignTools, 'home' | 'token'>): Api {
  const { base } = openIndex(index);
  return openApi(base, findToken(base, { home, given: token }));
}

/** What the index at this address called itself when it was pinned; null: it is not pinned here. */
export const pinnedName = (home: Home, base: string): IndexName | null =>
  pinnedIndexes(home).find(({ address }) => address === base)?.index ?? null;
