// What the commands that need a token work with: the index, the token for it, and the name under which that index is pinned on this machine, if it is.
import { refuse } from '#lib/core/errors.ts';
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

/** Where the index is: as given, or the only one that is trusted on this machine. Refuses `input.not-a`, `trust.no-index`. */
export function chooseIndex(given: string | undefined, home: Home): string {
  if (given !== undefined) return openIndex(given).base;
  const known = pinnedIndexes(home);
  const [only] = known;
  if (only === undefined || known.length > 1) throw refuse('trust.no-index', { known: known.length });
  return only.address;
}

/** Refuses as `chooseIndex` does, and `token.…`. */
export function openSession(index: string | undefined, { home, token }: Pick<SignTools, 'home' | 'token'>): Api {
  const base = chooseIndex(index, home);
  return openApi(base, findToken(base, { home, given: token }));
}

/** What the index at this address called itself when it was pinned; null: it is not pinned here. */
export const pinnedName = (home: Home, base: string): IndexName | null =>
  pinnedIndexes(home).find(({ address }) => address === base)?.index ?? null;
